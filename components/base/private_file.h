// Files that nobody but their owner (and, for reading, their group) may touch: at most 0640.
#pragma once

#include <string>

#include "base/result.h"

namespace cloister {

// Permission denied when the group may write, or others may do anything.
Result<void, SystemError> require_private(const std::string& path);
// A new file of mode 0600 with this content, complete on the disk; file exists when there is one.
Result<void, SystemError> write_private(const std::string& path, std::string_view content);

// Lets the group of that folder read the file, and nobody write it but its owner: mode 0640. For root.
Result<void, SystemError> share_with_group_of(const std::string& folder, const std::string& path);

}  // namespace cloister
