// Whole files, in and out.
#pragma once

#include <string>
#include <string_view>
#include <system_error>

#include "base/result.h"

namespace cloister::cli::audit {

inline constexpr std::size_t kLongestFile = 64U * 1024 * 1024;

Result<std::string, std::error_code> read_whole_file(const std::string& path);

// Of mode 0600, in the place of what was there.
Result<void, std::error_code> write_own_file(const std::string& path, std::string_view text);

}  // namespace cloister::cli::audit
