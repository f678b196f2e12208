// One walk over all local filesystems, for every probe that asks about any file there is.
#pragma once

#include <string>
#include <vector>

#include "audit/probes/system/system.h"

namespace cloister::audit::probes {

struct WalkedFile {
  std::string path;
  FileStatus status;
  bool may_gain_rights = true;  // false: its filesystem is mounted nosuid or noexec
};

// Only what some probe asks for is kept.
struct FileWalk {
  std::vector<WalkedFile> open_files;    // regular, writable by everybody
  std::vector<WalkedFile> open_folders;  // writable by everybody, without the sticky bit
  std::vector<WalkedFile> unowned;       // their user or group has no name
  std::vector<WalkedFile> privileged;    // regular, set-user-id or set-group-id
  std::vector<std::string> unreadable;   // folders that could not be listed
  std::size_t seen = 0;
};

// Without /proc, /sys and /dev, the kernel's own and remote filesystems. Remembered.
const FileWalk& walk_files(const System& system);

}  // namespace cloister::audit::probes
