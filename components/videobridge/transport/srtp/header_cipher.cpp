#include "videobridge/transport/srtp/header_cipher.h"

#include <openssl/evp.h>

#include <algorithm>

#include "base/assert.h"
#include "base/personal.h"
#include "wire/header_extension.h"

namespace cloister::videobridge::transport {

void HeaderCipher::FreeContext::operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }

HeaderCipher::HeaderCipher(SrtpProfile profile, const SrtpMasterKey& master) {
  derive(master, profile, SrtpLabel::header_encryption, key_);
  // Under GCM no more of the salt than the profile has, the rest zero: so does libsrtp, and so do browsers.
  derive(master, profile, SrtpLabel::header_salt,
         std::as_writable_bytes(std::span(salt_)).first(salt_size(profile)));
}

HeaderCipher::~HeaderCipher() {
  wipe(key_.data(), key_.size());
  wipe(salt_.data(), salt_.size());
}

void HeaderCipher::set_ids(const ExtensionIds& ids) {
  ids_ = ids;
  active_ = ids.any();
  if (!active_ || context_) return;
  context_.reset(EVP_CIPHER_CTX_new());
  ASSERT(EVP_EncryptInit_ex(context_.get(), EVP_aes_128_ecb(), nullptr,
                            reinterpret_cast<const unsigned char*>(key_.data()), nullptr) == 1);
  EVP_CIPHER_CTX_set_padding(context_.get(), 0);
}

// The key stream runs over the whole block (RFC 6904 §3.1), of which the mask (§3.2) takes the elements'
// data.
void HeaderCipher::apply(MutableBytes packet, std::uint64_t index) {
  if (!active_ || (get_u8(packet, 0) & 0x10U) == 0) return;
  const std::size_t extension = wire::kRtpFixedHeader + 4U * (get_u8(packet, 0) & 0x0fU);
  const MutableBytes block = packet.subspan(extension + 4, 4U * get_u16(packet, extension + 2));
  counter_ = counter_iv(salt_, get_u32(packet, 8), index);
  stream_number_ = SIZE_MAX;
  wire::ExtensionReader elements(get_u16(packet, extension), block);
  while (const auto element = elements.next()) {
    if (!ids_.test(element->id) || element->data.empty()) continue;
    apply_to(block, static_cast<std::size_t>(element->data.data() - block.data()), element->data.size());
  }
}

void HeaderCipher::apply_to(MutableBytes block, std::size_t at, std::size_t size) {
  for (const std::size_t end = at + size; at < end; ++at) {
    if (at / kBlock != stream_number_) next_block(at / kBlock);
    block[at] ^= std::byte{stream_[at % kBlock]};
  }
}

void HeaderCipher::next_block(std::size_t number) {
  stream_number_ = number;
  counter_[14] = static_cast<std::uint8_t>(number >> 8 & 0xffU);
  counter_[15] = static_cast<std::uint8_t>(number & 0xffU);
  int written = 0;
  EVP_EncryptUpdate(context_.get(), stream_.data(), &written, counter_.data(), kBlock);
}

}  // namespace cloister::videobridge::transport
