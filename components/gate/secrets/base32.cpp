#include "gate/secrets/base32.h"

namespace cloister::gate::secrets {

std::string base32(Bytes bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  unsigned kept = 0;
  unsigned bits = 0;
  for (const std::byte b : bytes) {
    kept = (kept << 8U | std::to_integer<unsigned>(b)) & 0xfffU;
    bits += 8;
    for (; bits >= 5; bits -= 5) out += kAlphabet[kept >> (bits - 5) & 31U];
  }
  if (bits > 0) out += kAlphabet[kept << (5 - bits) & 31U];
  return out;
}

}  // namespace cloister::gate::secrets
