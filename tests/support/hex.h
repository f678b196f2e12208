// Bytes of a test written as the RFCs print them.
#pragma once

#include <cctype>
#include <cstddef>
#include <string_view>
#include <vector>

namespace cloister::test {

// "80 60 0001": pairs of hex digits; everything else between them is ignored.
inline std::vector<std::byte> hex(std::string_view text) {
  std::vector<std::byte> out;
  int high = -1;
  for (const char c : text) {
    if (std::isxdigit(static_cast<unsigned char>(c)) == 0) continue;
    const int digit = c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;
    if (high >= 0) out.push_back(static_cast<std::byte>(high * 16 + digit));
    high = high >= 0 ? -1 : digit;
  }
  return out;
}

}  // namespace cloister::test
