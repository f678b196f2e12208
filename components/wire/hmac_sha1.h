// HMAC-SHA1 (RFC 2104) under one key, with the two padded key blocks hashed once: STUN's MESSAGE-INTEGRITY
// and SRTP's tags are short, so these blocks would be most of the work. No allocation; copies are cheap and
// independent.
#pragma once

#include <openssl/sha.h>

#include <array>

#include "base/bytes.h"

namespace cloister::wire {

class HmacSha1 {
public:
  static constexpr std::size_t kSize = 20;
  using Digest = std::array<std::byte, kSize>;

  explicit HmacSha1(Bytes key);
  HmacSha1(const HmacSha1&) = default;
  HmacSha1& operator=(const HmacSha1&) = default;
  ~HmacSha1();

  // Over the two parts as if they were one.
  Digest sign(Bytes first, Bytes second = {}) const;

private:
  SHA_CTX inner_;
  SHA_CTX outer_;
};

// Equal, in a time that says nothing about where they differ.
bool equal_secrets(Bytes a, Bytes b);

}  // namespace cloister::wire
