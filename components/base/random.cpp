#include "base/random.h"

#include <fmt/core.h>
#include <openssl/rand.h>

#include <array>

#include "base/assert.h"

namespace cloister {

void fill_random(MutableBytes out) {
  ASSERT(RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(out.size())) == 1);
}

std::uint32_t random_u32() { return static_cast<std::uint32_t>(random_u64() & 0xffffffffU); }

std::uint64_t random_u64() {
  std::array<std::byte, 8> bytes;
  fill_random(bytes);
  return ByteReader(bytes).u64();
}

std::string random_token(std::size_t length) {
  constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  constexpr unsigned kUnbiased = 256 - 256 % kAlphabet.size();
  std::string out;
  while (out.size() < length) {
    std::array<std::byte, 32> bytes;
    fill_random(bytes);
    for (const std::byte b : bytes) {
      const auto value = std::to_integer<unsigned>(b);
      if (value < kUnbiased && out.size() < length) out += kAlphabet[value % kAlphabet.size()];
    }
  }
  return out;
}

std::string random_uuid() {
  std::array<std::byte, 16> b;
  fill_random(b);
  const std::uint64_t high = (ByteReader(b).u64() & ~0xf000ULL) | 0x4000ULL;
  const std::uint64_t low = (ByteReader(std::span(b).subspan(8)).u64() & ~(3ULL << 62)) | 1ULL << 63;
  return fmt::format("{:08x}-{:04x}-{:04x}-{:04x}-{:012x}", high >> 32, (high >> 16) & 0xffff, high & 0xffff,
                     low >> 48, low & 0xffffffffffffULL);
}

}  // namespace cloister
