#include "videobridge/transport/srtp/srtp.h"

#include <optional>

namespace cloister::videobridge::transport {
namespace {

constexpr std::size_t kRtcpHeader = 8;
constexpr std::size_t kIndexWord = 4;
constexpr std::uint32_t kMaxRtcpIndex = 0x7fffffff;

// Length of the RTP header with CSRCs and extension: what stays readable. Nothing when it does not fit.
std::optional<std::size_t> header_length(Bytes packet) {
  if (packet.size() < 12 || get_u8(packet, 0) >> 6 != 2) return std::nullopt;
  const std::uint8_t first = get_u8(packet, 0);
  std::size_t length = 12 + 4U * (first & 0x0fU);
  if ((first & 0x10U) != 0) {
    if (packet.size() < length + 4) return std::nullopt;
    length += 4 + 4U * get_u16(packet, length + 2);
  }
  if (length > packet.size()) return std::nullopt;
  return length;
}

// RFC 3711 §3.3.1: the 48-bit index closest to the highest one seen; before the first roll-over there is
// nothing behind zero.
std::uint64_t estimate_index(std::uint64_t highest, std::uint16_t sequence) {
  const auto step = static_cast<std::int16_t>(static_cast<std::uint16_t>(sequence - highest));
  const std::int64_t index = static_cast<std::int64_t>(highest) + step;
  return index >= 0 ? static_cast<std::uint64_t>(index) : sequence;
}

}  // namespace

Srtp::Srtp(const SrtpKeys& keys)
    : seal_rtp_(keys.profile, keys.send, SrtpCipher::Kind::rtp, SrtpCipher::Direction::seal),
      open_rtp_(keys.profile, keys.receive, SrtpCipher::Kind::rtp, SrtpCipher::Direction::open),
      seal_rtcp_(keys.profile, keys.send, SrtpCipher::Kind::rtcp, SrtpCipher::Direction::seal),
      open_rtcp_(keys.profile, keys.receive, SrtpCipher::Kind::rtcp, SrtpCipher::Direction::open),
      seal_header_(keys.profile, keys.send),
      open_header_(keys.profile, keys.receive),
      tag_(tag_size(keys.profile)) {}

void Srtp::set_encrypted_extensions(const ExtensionIds& ids) {
  seal_header_.set_ids(ids);
  open_header_.set_ids(ids);
}

Result<std::size_t, SrtpError> Srtp::protect_rtp(MutableBytes space, std::size_t length) {
  if (length + tag_ > space.size()) return fail(SrtpError::no_room);
  const auto header = header_length(space.first(length));
  if (!header) return fail(SrtpError::malformed);
  const Ssrc ssrc{get_u32(space, 8)};
  const std::uint16_t sequence = get_u16(space, 2);
  std::uint64_t* highest = sent_.find(ssrc);
  if (highest == nullptr) {
    if (sent_.full()) return fail(SrtpError::too_many_ssrcs);
    highest = &sent_.add(ssrc, sequence);
  }
  const std::uint64_t index = estimate_index(*highest, sequence);
  if (index > *highest) *highest = index;
  seal_header_.apply(space.first(length), index);  // first: the tag covers what is sent
  seal_rtp_.seal_rtp(space.first(length + tag_), *header, index);
  return length + tag_;
}

Result<std::size_t, SrtpError> Srtp::unprotect_rtp(MutableBytes packet) {
  if (packet.size() < tag_) return fail(SrtpError::malformed);
  const std::size_t length = packet.size() - tag_;
  const auto header = header_length(packet.first(length));
  if (!header) return fail(SrtpError::malformed);
  const Ssrc ssrc{get_u32(packet, 8)};
  const std::uint16_t sequence = get_u16(packet, 2);
  RtpWindow* window = received_.find(ssrc);
  const std::uint64_t index = window != nullptr ? estimate_index(window->highest(), sequence) : sequence;
  if (window != nullptr && !window->is_fresh(index)) return fail(SrtpError::replayed);
  if (!open_rtp_.open_rtp(packet, *header, index)) return fail(SrtpError::unauthentic);
  if (window == nullptr) window = &received_.add(ssrc, {});
  window->accept(index);
  open_header_.apply(packet.first(length), index);
  return length;
}

Result<std::size_t, SrtpError> Srtp::protect_rtcp(MutableBytes space, std::size_t length) {
  if (length + tag_ + kIndexWord > space.size()) return fail(SrtpError::no_room);
  if (length < kRtcpHeader || next_rtcp_index_ == kMaxRtcpIndex) return fail(SrtpError::malformed);
  seal_rtcp_.seal_rtcp(space.first(length + tag_ + kIndexWord), ++next_rtcp_index_);
  return length + tag_ + kIndexWord;
}

Result<std::size_t, SrtpError> Srtp::unprotect_rtcp(MutableBytes packet) {
  if (packet.size() < kRtcpHeader + tag_ + kIndexWord || get_u8(packet, 0) >> 6 != 2)
    return fail(SrtpError::malformed);
  const std::size_t length = packet.size() - tag_ - kIndexWord;
  // The index word comes last under GCM, before the tag otherwise.
  const bool aead = open_rtcp_.profile() == SrtpProfile::aead_aes_128_gcm;
  const std::uint32_t word = get_u32(packet, aead ? packet.size() - kIndexWord : length);
  const std::uint32_t index = word & kMaxRtcpIndex;
  const Ssrc ssrc{get_u32(packet, 4)};
  RtcpWindow* window = received_rtcp_.find(ssrc);
  if (window != nullptr && !window->is_fresh(index)) return fail(SrtpError::replayed);
  if (!open_rtcp_.open_rtcp(packet, word)) return fail(SrtpError::unauthentic);
  if (window == nullptr) window = &received_rtcp_.add(ssrc, {});
  window->accept(index);
  return length;
}

}  // namespace cloister::videobridge::transport
