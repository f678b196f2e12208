#include "world/frame_assembler.h"

namespace cloister::sim {
namespace {

constexpr std::size_t kMaxPackets = 2000;

}  // namespace

std::vector<DecodedFrame> FrameAssembler::add(const wire::RtpHeader& header, std::int64_t sequence,
                                              TimePoint now) {
  const auto vp8 = wire::parse_vp8(header.payload);
  if (!vp8 || sequence <= decoded_to_) return {};
  Packet packet{.timestamp = header.timestamp, .marker = header.marker, .vp8 = *vp8};
  if (const auto size = wire::vp8_dimensions(*vp8, header.payload))
    packet.height = std::min(size->width, size->height);
  packets_.emplace(sequence, packet);

  std::vector<DecodedFrame> out;
  for (auto at = packets_.begin(); at != packets_.end();) {
    const auto last = complete(at);
    if (!last || !is_decodable(at->second)) {
      ++at;
      continue;
    }
    decode(at->second, at->first, *last);
    out.push_back({.at = now, .key = at->second.vp8.key_frame, .height = height_});
    at = packets_.erase(packets_.begin(), packets_.upper_bound(*last));
  }
  while (packets_.size() > kMaxPackets) packets_.erase(packets_.begin());
  return out;
}

std::optional<std::int64_t> FrameAssembler::complete(Packets::const_iterator first) const {
  if (!first->second.vp8.frame_start) return std::nullopt;
  std::int64_t expected = first->first;
  for (auto at = first; at != packets_.end() && at->first == expected; ++at, ++expected) {
    if (at->second.timestamp != first->second.timestamp) return std::nullopt;
    if (at->second.marker) return expected;
  }
  return std::nullopt;
}

// RFC 7741 §4.2: a frame of temporal layer 0 builds on the one before of that layer, others on the one of
// their TL0PICIDX.
bool FrameAssembler::is_decodable(const Packet& first) const {
  if (first.vp8.key_frame) return true;
  if (needs_key_) return false;
  if (!first.vp8.temporal || !first.vp8.tl0_picture_index) return true;
  const std::uint8_t base =
      *first.vp8.temporal == 0 ? std::uint8_t(tl0_picture_index_ + 1) : tl0_picture_index_;
  return *first.vp8.tl0_picture_index == base;
}

void FrameAssembler::decode(const Packet& first, std::int64_t from, std::int64_t to) {
  const std::uint16_t picture = first.vp8.picture_id.value_or(0);
  if (any_) {
    const bool backwards = !is_newer(first.timestamp, timestamp_);
    const auto step = static_cast<std::uint16_t>((picture - picture_id_) & 0x7fff);
    const std::uint8_t base = first.vp8.temporal.value_or(0) == 0 ? 1 : 0;
    const bool base_continues = first.vp8.tl0_picture_index == std::uint8_t(tl0_picture_index_ + base);
    const bool hole = from == decoded_to_ + 1 && (step != 1 || !base_continues);
    if (backwards || hole || step == 0 || step >= 0x4000) ++contradictions_;
  }
  any_ = true;
  needs_key_ = false;
  timestamp_ = first.timestamp;
  picture_id_ = picture;
  tl0_picture_index_ = first.vp8.tl0_picture_index.value_or(0);
  decoded_to_ = to;
  if (first.height != 0) height_ = first.height;
}

}  // namespace cloister::sim
