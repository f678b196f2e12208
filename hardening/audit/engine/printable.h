// What the machine says, made fit for a terminal, a page or a document: valid UTF-8 without control
// characters.
#pragma once

#include <string>
#include <string_view>

namespace cloister::audit::engine {

inline constexpr std::size_t kLongestText = 1000;  // bytes; what is beyond is cut off and marked by "…"

// Other bytes become "\x1b". Line ends and tabs become blanks.
std::string printable(std::string_view text, std::size_t longest = kLongestText);

}  // namespace cloister::audit::engine
