#include "forward/gcm.h"

#include <openssl/evp.h>

#include "wire/rtp_header.h"

namespace cloister::bench {
namespace {

unsigned char* raw(std::byte* bytes) { return reinterpret_cast<unsigned char*>(bytes); }
int count(std::size_t size) { return static_cast<int>(size); }
// The floor's packets have no CSRCs and no extensions.
constexpr std::size_t kHeader = wire::kRtpFixedHeader;

}  // namespace

void Gcm::FreeContext::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

Gcm::Gcm(std::uint32_t who) : encrypt_(EVP_CIPHER_CTX_new()), decrypt_(EVP_CIPHER_CTX_new()) {
  std::array<unsigned char, 16> key{};
  for (std::size_t i = 0; i < key.size(); ++i)
    key[i] = static_cast<unsigned char>(who * 31 + i * 7 + (who >> 8));
  for (std::size_t i = 0; i < salt_.size(); ++i) salt_[i] = static_cast<unsigned char>(who * 17 + i * 11);
  EVP_EncryptInit_ex(encrypt_.get(), EVP_aes_128_gcm(), nullptr, key.data(), nullptr);
  EVP_DecryptInit_ex(decrypt_.get(), EVP_aes_128_gcm(), nullptr, key.data(), nullptr);
}

// RFC 7714 §8.1 with a roll-over counter of 0.
std::array<unsigned char, 12> Gcm::nonce(Bytes packet) const {
  std::array<unsigned char, 12> out = salt_;
  for (std::size_t i = 0; i < 4; ++i) out[2 + i] ^= get_u8(packet, 8 + i);
  for (std::size_t i = 0; i < 2; ++i) out[10 + i] ^= get_u8(packet, 2 + i);
  return out;
}

std::size_t Gcm::protect(MutableBytes packet, std::size_t length) {
  unsigned char* const data = raw(packet.data());
  int written = 0;
  EVP_EncryptInit_ex(encrypt_.get(), nullptr, nullptr, nullptr, nonce(packet).data());
  EVP_EncryptUpdate(encrypt_.get(), nullptr, &written, data, count(kHeader));
  EVP_EncryptUpdate(encrypt_.get(), data + kHeader, &written, data + kHeader, count(length - kHeader));
  EVP_EncryptFinal_ex(encrypt_.get(), data + length, &written);
  EVP_CIPHER_CTX_ctrl(encrypt_.get(), EVP_CTRL_GCM_GET_TAG, count(kTag), data + length);
  return length + kTag;
}

std::size_t Gcm::unprotect(MutableBytes packet) {
  if (packet.size() < kHeader + kTag) return 0;
  unsigned char* const data = raw(packet.data());
  const std::size_t length = packet.size() - kTag;
  int written = 0;
  EVP_DecryptInit_ex(decrypt_.get(), nullptr, nullptr, nullptr, nonce(packet).data());
  EVP_DecryptUpdate(decrypt_.get(), nullptr, &written, data, count(kHeader));
  EVP_DecryptUpdate(decrypt_.get(), data + kHeader, &written, data + kHeader, count(length - kHeader));
  EVP_CIPHER_CTX_ctrl(decrypt_.get(), EVP_CTRL_GCM_SET_TAG, count(kTag), data + length);
  return EVP_DecryptFinal_ex(decrypt_.get(), data + length, &written) > 0 ? length : 0;
}

}  // namespace cloister::bench
