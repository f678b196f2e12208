// OpenSSL 3 deprecates these calls in favour of EVP_MAC, which cannot keep a half-done state without
// allocating.
#define OPENSSL_SUPPRESS_DEPRECATED
#include "wire/hmac_sha1.h"

#include <openssl/crypto.h>

#include <algorithm>

namespace cloister::wire {
namespace {

constexpr std::size_t kBlock = SHA_CBLOCK;

void absorb(SHA_CTX& state, Bytes bytes) { SHA1_Update(&state, bytes.data(), bytes.size()); }

HmacSha1::Digest finish(SHA_CTX& state) {
  HmacSha1::Digest out;
  SHA1_Final(reinterpret_cast<unsigned char*>(out.data()), &state);
  return out;
}

SHA_CTX keyed_state(const std::array<std::byte, kBlock>& key, std::byte pad) {
  std::array<std::byte, kBlock> block;
  std::ranges::transform(key, block.begin(), [pad](std::byte b) { return b ^ pad; });
  SHA_CTX state;
  SHA1_Init(&state);
  absorb(state, block);
  OPENSSL_cleanse(block.data(), block.size());
  return state;
}

}  // namespace

HmacSha1::HmacSha1(Bytes key) {
  std::array<std::byte, kBlock> padded{};
  if (key.size() > kBlock) {
    SHA_CTX state;
    SHA1_Init(&state);
    absorb(state, key);
    std::ranges::copy(finish(state), padded.begin());
  } else {
    std::ranges::copy(key, padded.begin());
  }
  inner_ = keyed_state(padded, std::byte{0x36});
  outer_ = keyed_state(padded, std::byte{0x5c});
  OPENSSL_cleanse(padded.data(), padded.size());
}

HmacSha1::~HmacSha1() {
  OPENSSL_cleanse(&inner_, sizeof inner_);
  OPENSSL_cleanse(&outer_, sizeof outer_);
}

HmacSha1::Digest HmacSha1::sign(Bytes first, Bytes second) const {
  SHA_CTX state = inner_;
  absorb(state, first);
  absorb(state, second);
  const Digest inside = finish(state);
  state = outer_;
  absorb(state, inside);
  return finish(state);
}

bool equal_secrets(Bytes a, Bytes b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace cloister::wire
