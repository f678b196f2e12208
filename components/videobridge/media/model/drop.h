// Why a packet went no further. One reason, one counter, one metric label.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace cloister::videobridge::media {

enum class Drop : std::uint8_t {
  // arriving
  bad_rtp_header,
  unknown_payload_type,
  unknown_ssrc,
  muted,
  empty_rtx,  // RTX probe: nothing inside
  duplicate,
  padding_only,
  too_old,      // behind everything that renumbering remembers
  bad_payload,  // the codec's descriptor does not parse
  silence,
  not_among_loudest,
  bad_rtcp,
  // leaving
  not_wanted,  // no layer of the source is wanted by the receiver
  other_encoding,
  other_layer,
  awaiting_key_frame,
  frame_dropped,   // a late packet of a frame that was not forwarded
  not_mapped,      // SSRC rewriting: the source has no slot
  slot_too_fresh,  // SSRC rewriting: the receiver may not know the new SSRC yet
  no_room,         // the port has no space for one more packet
  overdue,         // waited too long for its share of the path: the stream begins anew with a key frame
  count_of_reasons,
};

inline constexpr std::size_t kDropReasons = static_cast<std::size_t>(Drop::count_of_reasons);

// Label of the metric.
constexpr std::string_view name_of(Drop reason) {
  constexpr std::array<std::string_view, kDropReasons> kNames{"bad_rtp_header",
                                                              "unknown_payload_type",
                                                              "unknown_ssrc",
                                                              "muted",
                                                              "empty_rtx",
                                                              "duplicate",
                                                              "padding_only",
                                                              "too_old",
                                                              "bad_payload",
                                                              "silence",
                                                              "not_among_loudest",
                                                              "bad_rtcp",
                                                              "not_wanted",
                                                              "other_encoding",
                                                              "other_layer",
                                                              "awaiting_key_frame",
                                                              "frame_dropped",
                                                              "not_mapped",
                                                              "slot_too_fresh",
                                                              "no_room",
                                                              "overdue"};
  return kNames.at(static_cast<std::size_t>(reason));
}

// Plain numbers of one thread; the shard sums them up for the metrics.
class DropCounts {
public:
  void add(Drop reason) { ++counts_[static_cast<std::size_t>(reason)]; }
  std::uint64_t operator[](Drop reason) const { return counts_[static_cast<std::size_t>(reason)]; }

private:
  std::array<std::uint64_t, kDropReasons> counts_{};
};

}  // namespace cloister::videobridge::media
