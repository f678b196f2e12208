// Our SRTP against libsrtp2, packet by packet on fresh contexts: what we open it opens to the same bytes,
// what we call unauthentic it refuses. (What we call malformed it may open: it does not look at the version.)
// First byte: bit 0 = profile, bit 1 = RTCP, bit 2 = seal the rest first, so that the open path past the tag
// is reached.
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

srtp_t judge(const SrtpKeys& keys) {
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
  Srtp ours(keys);
  if ((data[0] & 4U) != 0) {
    const auto sealed = rtcp ? ours.protect_rtcp(packet, length) : ours.protect_rtp(packet, length);
    if (!sealed) return 0;
    length = *sealed;
  }
  packet.resize(length);
  std::vector<std::byte> copy = packet;
  copy.resize(length + SRTP_MAX_TRAILER_LEN + 16);

  const auto opened = rtcp ? ours.unprotect_rtcp(packet) : ours.unprotect_rtp(packet);
  const srtp_t session = judge(keys);
  int judged = static_cast<int>(length);
  const auto status = rtcp ? srtp_unprotect_rtcp(session, copy.data(), &judged)
                           : srtp_unprotect(session, copy.data(), &judged);
  if (opened) {
    ASSERT(status == srtp_err_status_ok && static_cast<std::size_t>(judged) == *opened);
    ASSERT(std::memcmp(copy.data(), packet.data(), *opened) == 0);
  } else if (opened.error() == SrtpError::unauthentic) {
    ASSERT(status != srtp_err_status_ok);
  }
  srtp_dealloc(session);
  return 0;
}
