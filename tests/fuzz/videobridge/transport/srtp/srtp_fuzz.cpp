// Our SRTP against libsrtp2, packet by packet on fresh contexts: what we open it opens to the same bytes,
// what we call unauthentic it refuses. (What we call malformed it may open: it does not look at the version.)
// First byte: bit 0 = profile, bit 1 = RTCP, bit 2 = seal the rest first, so that the open path past the tag
// is reached, bit 3 = header extensions 1, 5 and 14 are encrypted (RFC 6904).
#include <srtp2/srtp.h>

#include <array>
#include <cstring>
#include <vector>

#include "base/assert.h"
#include "videobridge/transport/srtp/srtp.h"

namespace {

using namespace cloister;
using namespace cloister::videobridge::transport;

SrtpKeys some_keys(SrtpProfile profile) {
  SrtpKeys keys;
  keys.profile = profile;
  for (std::size_t i = 0; i < 16; ++i) keys.send.key[i] = static_cast<std::byte>(i * 7 + 1);
  for (std::size_t i = 0; i < 14; ++i) keys.send.salt[i] = static_cast<std::byte>(i * 5 + 3);
  keys.receive = keys.send;
  return keys;
}

constexpr std::array kEncrypted{1, 5, 14};

// libsrtp2 refuses malformed and unknown extension blocks, reads padding in front of the first element as an
// element, and leaves other padding out of the key stream; there is nothing to compare then.
bool reads_extensions_alike(Bytes packet) {
  if (packet.size() < 16 || (get_u8(packet, 0) & 0x10U) == 0) return true;
  const std::size_t extension = 12 + 4U * (get_u8(packet, 0) & 0x0fU);
  if (packet.size() < extension + 4) return true;
  const std::uint16_t profile = get_u16(packet, extension);
  const std::size_t size = 4U * get_u16(packet, extension + 2);
  if (packet.size() < extension + 4 + size) return true;
  const bool two_byte = (profile & 0x1fffU) == 0x1000 || (profile & 0xfff0U) == 0x1000;
  if (profile != 0xbede && !two_byte) return false;
  if (two_byte && profile != 0x1000) return false;
  ByteReader block(packet.subspan(extension + 4, size));
  bool padded = false;
  for (bool first = true; block.left() > 0; first = false) {
    const std::uint8_t head = block.u8();
    if (head == 0 && !first) {
      padded = true;
      continue;
    }
    const std::uint8_t id = two_byte ? head : head >> 4;
    if (padded || id == 0 || (!two_byte && id == 15)) return false;
    block.skip(two_byte ? block.u8() : (head & 0x0fU) + 1U);
  }
  return block.ok();
}

srtp_t judge(const SrtpKeys& keys, bool encrypted_extensions) {
  static const bool ready = srtp_init() == srtp_err_status_ok;
  ASSERT(ready);
  std::array<unsigned char, 32> key{};
  std::memcpy(key.data(), keys.receive.key.data(), 16);
  std::memcpy(key.data() + 16, keys.receive.salt.data(), salt_size(keys.profile));
  srtp_policy_t policy{};
  if (keys.profile == SrtpProfile::aead_aes_128_gcm) {
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtp);
    srtp_crypto_policy_set_aes_gcm_128_16_auth(&policy.rtcp);
  } else {
    srtp_crypto_policy_set_rtp_default(&policy.rtp);
    srtp_crypto_policy_set_rtcp_default(&policy.rtcp);
  }
  policy.ssrc.type = ssrc_any_inbound;
  policy.key = key.data();
  policy.window_size = 1024;
  std::array ids = kEncrypted;
  if (encrypted_extensions) {
    policy.enc_xtn_hdr = ids.data();
    policy.enc_xtn_hdr_count = static_cast<int>(ids.size());
  }
  srtp_t session = nullptr;
  ASSERT(srtp_create(&session, &policy) == srtp_err_status_ok);
  return session;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0 || size > 1500) return 0;
  const bool rtcp = (data[0] & 2U) != 0;
  const SrtpKeys keys =
      some_keys((data[0] & 1U) != 0 ? SrtpProfile::aead_aes_128_gcm : SrtpProfile::aes128_cm_sha1_80);
  std::vector<std::byte> packet(size - 1 + Srtp::kMaxOverhead);
  std::memcpy(packet.data(), data + 1, size - 1);
  std::size_t length = size - 1;
  const bool encrypted_extensions = (data[0] & 8U) != 0;
  Srtp ours(keys);
  if (encrypted_extensions) {
    ExtensionIds ids;
    for (const int id : kEncrypted) ids.set(static_cast<std::size_t>(id));
    ours.set_encrypted_extensions(ids);
  }
  if ((data[0] & 4U) != 0) {
    const auto sealed = rtcp ? ours.protect_rtcp(packet, length) : ours.protect_rtp(packet, length);
    if (!sealed) return 0;
    length = *sealed;
  }
  packet.resize(length);
  std::vector<std::byte> copy = packet;
  copy.resize(length + SRTP_MAX_TRAILER_LEN + 16);

  const bool comparable = rtcp || !encrypted_extensions || reads_extensions_alike(packet);
  const auto opened = rtcp ? ours.unprotect_rtcp(packet) : ours.unprotect_rtp(packet);
  const srtp_t session = judge(keys, encrypted_extensions);
  int judged = static_cast<int>(length);
  const auto status = rtcp ? srtp_unprotect_rtcp(session, copy.data(), &judged)
                           : srtp_unprotect(session, copy.data(), &judged);
  if (opened && comparable) {
    ASSERT(status == srtp_err_status_ok && static_cast<std::size_t>(judged) == *opened);
    ASSERT(std::memcmp(copy.data(), packet.data(), *opened) == 0);
  } else if (!opened && opened.error() == SrtpError::unauthentic) {
    ASSERT(status != srtp_err_status_ok);
  }
  srtp_dealloc(session);
  return 0;
}
