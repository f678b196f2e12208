#include <fmt/format.h>

#include "audit/probes/files/file_walk.h"
#include "audit/probes/files/probes.h"
#include "audit/probes/system/accounts.h"

namespace cloister::audit::probes {

using model::Observation;
using model::State;

Observation observe_find(const System& system, const model::ProbeArguments& arguments) {
  const std::string& query = arguments.one();
  const FileWalk& walk = walk_files(system);
  const std::vector<WalkedFile>* found = query == "open_files"     ? &walk.open_files
                                         : query == "open_folders" ? &walk.open_folders
                                         : query == "unowned"      ? &walk.unowned
                                                                   : nullptr;
  if (found == nullptr) return {State::unreadable, {}, "find knows no query " + query};
  Observation seen;
  seen.note = fmt::format("of {} files", walk.seen);
  for (const WalkedFile& file : *found) seen.facts.push_back({file.path, access_text(system, file.status)});
  if (seen.facts.empty() && !walk.unreadable.empty())
    return {State::unreadable, {}, "cannot list " + walk.unreadable.front()};
  return seen;
}

}  // namespace cloister::audit::probes
