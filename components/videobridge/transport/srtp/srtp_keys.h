// Keys of one SRTP association, and what is derived from them.
#pragma once

#include <array>
#include <cstdint>

#include "base/bytes.h"

namespace cloister::videobridge::transport {

// The ids of RFC 5764 §4.1.2 and RFC 7714 §14.2.
enum class SrtpProfile : std::uint16_t { aes128_cm_sha1_80 = 0x0001, aead_aes_128_gcm = 0x0007 };

constexpr std::size_t salt_size(SrtpProfile profile) {
  return profile == SrtpProfile::aead_aes_128_gcm ? 12 : 14;
}
constexpr std::size_t tag_size(SrtpProfile profile) {
  return profile == SrtpProfile::aead_aes_128_gcm ? 16 : 10;
}

// Wiped when it dies.
struct SrtpMasterKey {
  std::array<std::byte, 16> key{};
  std::array<std::byte, 14> salt{};  // the first salt_size() of it

  SrtpMasterKey() = default;
  SrtpMasterKey(const SrtpMasterKey&) = default;
  SrtpMasterKey& operator=(const SrtpMasterKey&) = default;
  ~SrtpMasterKey();
};

// What a session key is for (RFC 3711 §4.3.1 and §4.3.2, RFC 6904 §3.2).
enum class SrtpLabel : std::uint8_t {
  rtp_encryption = 0,
  rtp_authentication = 1,
  rtp_salt = 2,
  rtcp_encryption = 3,
  rtcp_authentication = 4,
  rtcp_salt = 5,
  header_encryption = 6,
  header_salt = 7,
};

// Fills `out` with the key stream of the master key over the label and the salt (RFC 3711 §4.3.3). With a
// 96-bit salt the rest of it is zero (RFC 7714 §11).
void derive(const SrtpMasterKey& master, SrtpProfile profile, SrtpLabel label, MutableBytes out);

// RFC 3711 §4.1.1: salt, SSRC and index, each at its place, over a block counter of 16 bits.
std::array<std::uint8_t, 16> counter_iv(const std::array<std::uint8_t, 14>& salt, std::uint32_t ssrc,
                                        std::uint64_t index);

}  // namespace cloister::videobridge::transport
