// Which files a probe's arguments mean.
#pragma once

#include <string>
#include <vector>

#include "audit/model/check.h"
#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

// The files that are there of `path` and `paths`, which may be patterns, in the order they are given. Folders
// are left out.
std::vector<std::string> existing_files(const System& system, const model::ProbeArguments& arguments);

// A main file and the files that change it, as systemd reads them: `file` in the first of /etc, /run and
// /usr/lib that has it, then NAME/*.conf of all of them, sorted by name; a name in /etc hides the same in
// /run and /usr/lib, and an empty file or a link to /dev/null hides it for good. `file` is a path in /etc,
// `folder` a name beside it
// ("journald.conf.d").
std::vector<std::string> with_drop_ins(const System& system, const std::string& file,
                                       const std::string& folder);

// Files of several folders by the same rule: the first folder that has a name wins; sorted by name.
std::vector<std::string> merged_folders(const System& system, const std::vector<std::string>& folders,
                                        const std::string& suffix);

}  // namespace cloister::audit::probes
