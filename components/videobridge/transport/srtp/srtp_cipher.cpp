#include "videobridge/transport/srtp/srtp_cipher.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/assert.h"
#include "base/personal.h"

namespace cloister::videobridge::transport {
namespace {

constexpr std::size_t kRtcpHeader = 8;
constexpr std::size_t kIndexWord = 4;

unsigned char* raw_bytes(MutableBytes bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* raw_bytes(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }
int length_of(Bytes bytes) { return static_cast<int>(bytes.size()); }

}  // namespace

void SrtpCipher::FreeContext::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

SrtpCipher::SrtpCipher(SrtpProfile profile, const SrtpMasterKey& master, Kind kind, Direction direction)
    : profile_(profile), context_(EVP_CIPHER_CTX_new()) {
  const auto label = [kind](unsigned offset) {
    return static_cast<SrtpLabel>(static_cast<unsigned>(kind) + offset);
  };
  std::array<std::byte, 16> key;
  derive(master, profile, label(0), key);
  derive(master, profile, label(2), std::as_writable_bytes(std::span(salt_)).first(salt_size(profile)));
  const bool aead = profile == SrtpProfile::aead_aes_128_gcm;
  const EVP_CIPHER* cipher = aead ? EVP_aes_128_gcm() : EVP_aes_128_ctr();
  // Counter mode encrypts in both directions.
  const int encrypt = !aead || direction == Direction::seal ? 1 : 0;
  ASSERT(EVP_CipherInit_ex(context_.get(), cipher, nullptr, raw_bytes(Bytes(key)), nullptr, encrypt) == 1);
  wipe(key.data(), key.size());
  if (aead) return;
  std::array<std::byte, 20> tag_key;
  derive(master, profile, label(1), tag_key);
  hmac_.emplace(tag_key);
  wipe(tag_key.data(), tag_key.size());
}

SrtpCipher::~SrtpCipher() { wipe(salt_.data(), salt_.size()); }

// RFC 7714 §8.1 and §9.1: two zero bytes, SSRC, index in six bytes; the salt over it.
SrtpCipher::Iv SrtpCipher::aead_iv(std::uint32_t ssrc, std::uint64_t index) const {
  Iv iv{};
  std::copy_n(salt_.begin(), 12, iv.begin());
  for (std::size_t i = 0; i < 4; ++i) iv[2 + i] ^= static_cast<std::uint8_t>(ssrc >> (24 - 8 * i) & 0xffU);
  for (std::size_t i = 0; i < 6; ++i) iv[6 + i] ^= static_cast<std::uint8_t>(index >> (40 - 8 * i) & 0xffU);
  return iv;
}

void SrtpCipher::run_counter(MutableBytes bytes, std::uint32_t ssrc, std::uint64_t index) {
  int written = 0;
  EVP_EncryptInit_ex(context_.get(), nullptr, nullptr, nullptr, counter_iv(salt_, ssrc, index).data());
  EVP_EncryptUpdate(context_.get(), raw_bytes(bytes), &written, raw_bytes(Bytes(bytes)), length_of(bytes));
}

void SrtpCipher::aead_seal(const Iv& iv, Bytes clear, Bytes more_clear, MutableBytes secret,
                           MutableBytes tag) {
  EVP_CIPHER_CTX* context = context_.get();
  int written = 0;
  EVP_EncryptInit_ex(context, nullptr, nullptr, nullptr, iv.data());
  EVP_EncryptUpdate(context, nullptr, &written, raw_bytes(clear), length_of(clear));
  if (!more_clear.empty())
    EVP_EncryptUpdate(context, nullptr, &written, raw_bytes(more_clear), length_of(more_clear));
  EVP_EncryptUpdate(context, raw_bytes(secret), &written, raw_bytes(Bytes(secret)), length_of(secret));
  EVP_EncryptFinal_ex(context, raw_bytes(tag), &written);
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, length_of(tag), tag.data());
}

bool SrtpCipher::aead_open(const Iv& iv, Bytes clear, Bytes more_clear, MutableBytes secret, Bytes tag) {
  EVP_CIPHER_CTX* context = context_.get();
  int written = 0;
  std::array<unsigned char, 16> expected;
  std::transform(tag.begin(), tag.end(), expected.begin(),
                 [](std::byte b) { return std::to_integer<unsigned char>(b); });
  EVP_DecryptInit_ex(context, nullptr, nullptr, nullptr, iv.data());
  EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, length_of(tag), expected.data());
  EVP_DecryptUpdate(context, nullptr, &written, raw_bytes(clear), length_of(clear));
  if (!more_clear.empty())
    EVP_DecryptUpdate(context, nullptr, &written, raw_bytes(more_clear), length_of(more_clear));
  EVP_DecryptUpdate(context, raw_bytes(secret), &written, raw_bytes(Bytes(secret)), length_of(secret));
  return EVP_DecryptFinal_ex(context, expected.data(), &written) == 1;
}

void SrtpCipher::seal_rtp(MutableBytes packet, std::size_t header, std::uint64_t index) {
  const std::size_t end = packet.size() - tag_size(profile_);
  const std::uint32_t ssrc = get_u32(packet, 8);
  const MutableBytes payload = packet.subspan(header, end - header);
  if (!hmac_) return aead_seal(aead_iv(ssrc, index), packet.first(header), {}, payload, packet.subspan(end));
  run_counter(payload, ssrc, index);
  std::array<std::byte, 4> roll_over;
  set_u32(roll_over, 0, static_cast<std::uint32_t>(index >> 16));
  std::ranges::copy_n(hmac_->sign(packet.first(end), roll_over).begin(), 10, packet.subspan(end).begin());
}

bool SrtpCipher::open_rtp(MutableBytes packet, std::size_t header, std::uint64_t index) {
  const std::size_t end = packet.size() - tag_size(profile_);
  const std::uint32_t ssrc = get_u32(packet, 8);
  const MutableBytes payload = packet.subspan(header, end - header);
  if (!hmac_) return aead_open(aead_iv(ssrc, index), packet.first(header), {}, payload, packet.subspan(end));
  std::array<std::byte, 4> roll_over;
  set_u32(roll_over, 0, static_cast<std::uint32_t>(index >> 16));
  const auto tag = hmac_->sign(packet.first(end), roll_over);
  if (!wire::equal_secrets(Bytes(tag).first(10), packet.subspan(end))) return false;
  run_counter(payload, ssrc, index);
  return true;
}

// RFC 7714 §9: compound, tag, index word. RFC 3711 §3.4: compound, index word, tag.
void SrtpCipher::seal_rtcp(MutableBytes packet, std::uint32_t index) {
  const std::size_t end = packet.size() - tag_size(profile_) - kIndexWord;
  const std::uint32_t ssrc = get_u32(packet, 4);
  const MutableBytes body = packet.subspan(kRtcpHeader, end - kRtcpHeader);
  std::array<std::byte, kIndexWord> word;
  set_u32(word, 0, index | 0x80000000U);
  if (!hmac_) {
    aead_seal(aead_iv(ssrc, index), packet.first(kRtcpHeader), word, body, packet.subspan(end, 16));
    std::ranges::copy(word, packet.subspan(end + 16).begin());
    return;
  }
  run_counter(body, ssrc, index);
  std::ranges::copy(word, packet.subspan(end).begin());
  const auto tag = hmac_->sign(packet.first(end + kIndexWord));
  std::ranges::copy_n(tag.begin(), 10, packet.subspan(end + kIndexWord).begin());
}

bool SrtpCipher::open_rtcp(MutableBytes packet, std::uint32_t word) {
  const std::size_t end = packet.size() - tag_size(profile_) - kIndexWord;
  const std::uint32_t ssrc = get_u32(packet, 4);
  const std::uint32_t index = word & 0x7fffffffU;
  // A sender may leave RTCP readable (E = 0): then all of it is only authenticated.
  const std::size_t clear = (word & 0x80000000U) != 0 ? kRtcpHeader : end;
  const MutableBytes body = packet.subspan(clear, end - clear);
  if (!hmac_) {
    std::array<std::byte, kIndexWord> word_bytes;
    set_u32(word_bytes, 0, word);
    return aead_open(aead_iv(ssrc, index), packet.first(clear), word_bytes, body, packet.subspan(end, 16));
  }
  const auto tag = hmac_->sign(packet.first(end + kIndexWord));
  if (!wire::equal_secrets(Bytes(tag).first(10), packet.subspan(end + kIndexWord))) return false;
  if (!body.empty()) run_counter(body, ssrc, index);
  return true;
}

}  // namespace cloister::videobridge::transport
