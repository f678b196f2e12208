// Brings back what a backup holds. Nothing is written but below what the settings name as the operator's
// data; what is replaced is kept; files change by renaming, databases in one transaction, so that services
// which run see the old or the new one.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cli/backup/archive.h"
#include "cli/machine/installation.h"

namespace cloister::cli::backup {

struct Step {
  enum class Change : std::uint8_t { none, made, replaced };
  Entry entry;
  Change change = Change::none;
};

// What would change. A sentence when the backup holds what it may not, or a broken database.
Result<std::vector<Step>, std::string> plan_restoration(const Archive& archive,
                                                        const machine::BackupSettings& where);

// Does it. `kept`: a folder for what is replaced, which is made, of mode 0700. A failure leaves what was not
// yet replaced as it is; the sentence says where the rest is.
Result<void, std::string> restore(const std::vector<Step>& steps, const std::string& kept);

}  // namespace cloister::cli::backup
