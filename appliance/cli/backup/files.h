// Files as a backup sees them. Errors are sentences for the operator.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/backup/archive.h"
#include "cli/machine/installation.h"

namespace cloister::cli::backup {

inline constexpr std::size_t kMostBytes = std::size_t{256} << 20U;  // of a backup

// Everything that the settings name and that is there. A database is copied while others use it.
Result<std::vector<Entry>, std::string> collect(const machine::BackupSettings& what);

Result<std::string, std::string> read_whole(const std::string& path);
// Complete on the disk under its name, or not there at all. Fails when something has that name already.
Result<void, std::string> write_new(const std::string& path, std::string_view content);
// Of mode 0600 beside `path`, under a name that is nobody's.
Result<std::string, std::string> write_beside(const std::string& path, std::string_view content);

// The entry that stands for what is at `path` now (a database: as it is at this moment); nothing when nothing
// is.
Result<std::optional<Entry>, std::string> entry_at(const std::string& path, Entry::Kind kind);

}  // namespace cloister::cli::backup
