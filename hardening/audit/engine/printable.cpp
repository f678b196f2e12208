#include "audit/engine/printable.h"

#include <fmt/format.h>

#include <iterator>

namespace cloister::audit::engine {
namespace {

unsigned char byte(char c) { return static_cast<unsigned char>(c); }

// Bytes of the character that begins here; 0 when it is none (RFC 3629 §4) or one that controls: C0, DEL, C1,
// and those that turn the direction of writing.
std::size_t character_length(std::string_view text) {
  const unsigned first = byte(text[0]);
  if (first < 0x80) return first >= 0x20 && first != 0x7f ? 1 : 0;
  const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < length) return 0;
  unsigned code = first & (0xffU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(text[i]) & 0xc0U) != 0x80) return 0;
    code = code << 6 | (byte(text[i]) & 0x3fU);
  }
  constexpr unsigned kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool is_surrogate = code >= 0xd800 && code <= 0xdfff;
  const bool turns = (code >= 0x200e && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
                     (code >= 0x2066 && code <= 0x2069);
  const bool is_noncharacter = (code & 0xfffe) == 0xfffe;  // XML has no place for them
  if (code < kLeast[length] || code > 0x10ffff || is_surrogate || turns || is_noncharacter || code < 0xa0)
    return 0;
  return length;
}

}  // namespace

std::string printable(std::string_view text, std::size_t longest) {
  std::string out;
  while (!text.empty()) {
    if (out.size() >= longest) return out + "…";
    const std::size_t length = character_length(text);
    if (length != 0)
      out += text.substr(0, length);
    else if (text[0] == '\n' || text[0] == '\t' || text[0] == '\r')
      out += ' ';
    else
      fmt::format_to(std::back_inserter(out), "\\x{:02x}", byte(text[0]));
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

}  // namespace cloister::audit::engine
