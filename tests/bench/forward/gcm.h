// SRTP with AEAD_AES_128_GCM (RFC 7714) and nothing around it: no replay window, no table of streams, no
// roll-over. What the floor needs, and the lower bound for transport/srtp.h.
#pragma once

#include <openssl/types.h>

#include <array>
#include <cstdint>
#include <memory>

#include "base/bytes.h"

namespace cloister::bench {

class Gcm {
public:
  static constexpr std::size_t kTag = 16;

  // Keys derived from `who`: both ends of a stream make the same ones.
  explicit Gcm(std::uint32_t who);

  // In place. `packet` has kTag bytes of room behind `length`; returns the new length.
  std::size_t protect(MutableBytes packet, std::size_t length);
  // Returns the new length, 0 when the tag is wrong.
  std::size_t unprotect(MutableBytes packet);

private:
  struct FreeContext {
    void operator()(EVP_CIPHER_CTX* context) const;
  };
  using Context = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

  std::array<unsigned char, 12> nonce(Bytes packet) const;

  std::array<unsigned char, 12> salt_{};
  Context encrypt_;
  Context decrypt_;
};

}  // namespace cloister::bench
