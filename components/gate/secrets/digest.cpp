#include "gate/secrets/digest.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/assert.h"

namespace cloister::gate::secrets {
namespace {

const unsigned char* in(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

template <std::size_t N>
std::array<std::byte, N> hmac(const EVP_MD* hash, Bytes key, Bytes message) {
  std::array<std::byte, N> out;
  unsigned size = 0;
  ASSERT(HMAC(hash, key.data(), static_cast<int>(key.size()), in(message), message.size(),
              reinterpret_cast<unsigned char*>(out.data()), &size) != nullptr &&
         size == N);
  return out;
}

}  // namespace

Digest sha256(Bytes message) {
  Digest out;
  unsigned size = 0;
  ASSERT(EVP_Digest(message.data(), message.size(), reinterpret_cast<unsigned char*>(out.data()), &size,
                    EVP_sha256(), nullptr) == 1 &&
         size == out.size());
  return out;
}

Digest hmac_sha256(Bytes key, Bytes message) { return hmac<32>(EVP_sha256(), key, message); }

std::array<std::byte, 20> hmac_sha1(Bytes key, Bytes message) { return hmac<20>(EVP_sha1(), key, message); }

}  // namespace cloister::gate::secrets
