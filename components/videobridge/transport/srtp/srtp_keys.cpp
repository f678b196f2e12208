#include "videobridge/transport/srtp/srtp_keys.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/assert.h"
#include "base/personal.h"

namespace cloister::videobridge::transport {

SrtpMasterKey::~SrtpMasterKey() {
  wipe(key.data(), key.size());
  wipe(salt.data(), salt.size());
}

void derive(const SrtpMasterKey& master, SrtpProfile profile, SrtpLabel label, MutableBytes out) {
  std::array<unsigned char, 16> iv{};
  std::transform(master.salt.begin(), master.salt.begin() + static_cast<std::ptrdiff_t>(salt_size(profile)),
                 iv.begin(), [](std::byte b) { return std::to_integer<unsigned char>(b); });
  iv[7] = static_cast<unsigned char>(iv[7] ^ static_cast<unsigned>(label));
  std::ranges::fill(out, std::byte{0});
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  auto* bytes = reinterpret_cast<unsigned char*>(out.data());
  int written = 0;
  ASSERT(EVP_EncryptInit_ex(context, EVP_aes_128_ctr(), nullptr,
                            reinterpret_cast<const unsigned char*>(master.key.data()), iv.data()) == 1);
  ASSERT(EVP_EncryptUpdate(context, bytes, &written, bytes, static_cast<int>(out.size())) == 1);
  EVP_CIPHER_CTX_free(context);
}

std::array<std::uint8_t, 16> counter_iv(const std::array<std::uint8_t, 14>& salt, std::uint32_t ssrc,
                                        std::uint64_t index) {
  std::array<std::uint8_t, 16> iv{};
  std::ranges::copy(salt, iv.begin());
  for (std::size_t i = 0; i < 4; ++i) iv[4 + i] ^= static_cast<std::uint8_t>(ssrc >> (24 - 8 * i) & 0xffU);
  for (std::size_t i = 0; i < 6; ++i) iv[8 + i] ^= static_cast<std::uint8_t>(index >> (40 - 8 * i) & 0xffU);
  return iv;
}

}  // namespace cloister::videobridge::transport
