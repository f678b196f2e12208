// One received SSRC that carries media (not RTX): the state that packets leave behind on their way in.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "base/clock.h"
#include "base/ids.h"
#include "videobridge/media/incoming/duplicate_filter.h"
#include "videobridge/media/incoming/nack_requester.h"
#include "videobridge/media/incoming/receive_statistics.h"
#include "videobridge/media/model/sequence_compactor.h"

namespace cloister::videobridge::media {

enum class Route : std::uint8_t { direct, retransmitted };

class ReceiveStream {
public:
  explicit ReceiveStream(Ssrc ssrc) : ssrc_(ssrc) {}

  Ssrc ssrc() const { return ssrc_; }

  // Where a packet stands in the stream. A jump far beyond loss and reordering is a sender that started anew
  // (RFC 3550 §A.1, MAX_DROPOUT): everything remembered is forgotten. A retransmission never counts as one.
  std::int64_t unwrap(std::uint16_t sequence, Route route);
  Arrival on_sequence(std::int64_t sequence) { return duplicates_.on_packet(sequence); }

  bool lacks(std::int64_t sequence) const { return duplicates_.lacks(sequence); }

  // Takes a packet out without a gap: padding, or silence.
  void close_gap(std::int64_t sequence) { compactor_.remove(sequence); }
  // The sequence number to go on with, or none for one too old to know.
  std::optional<std::uint16_t> renumber(std::int64_t sequence) {
    const auto number = compactor_.map(sequence);
    if (!number) return std::nullopt;
    return static_cast<std::uint16_t>(*number);
  }

  // Consecutive silent packets are forwarded up to a limit (protocol/bridge.md §5.8).
  bool exceeds_silence(bool silent) {
    silent_ = silent ? silent_ + 1 : 0;
    return silent_ > kForwardedSilence;
  }

  // Media is flowing, or was until a second ago. Returns true when that changed.
  bool on_alive(TimePoint now) {
    last_media_ = now;
    return !std::exchange(alive_, true);
  }
  bool check_alive(TimePoint now) {
    if (!alive_ || now - last_media_ <= kAlive) return false;
    alive_ = false;
    return true;
  }
  bool alive() const { return alive_; }

  ReceiveStatistics statistics;
  NackRequester nacks;

private:
  static constexpr std::uint32_t kForwardedSilence = 3;
  static constexpr Duration kAlive = 1s;
  static constexpr std::int32_t kMaxDropout = 3000;

  Ssrc ssrc_;
  SequenceUnwrapper unwrapper_;
  std::optional<std::uint16_t> newest_;
  DuplicateFilter duplicates_;
  SequenceCompactor<> compactor_;
  std::uint32_t silent_ = 0;
  bool alive_ = false;
  TimePoint last_media_;
};

}  // namespace cloister::videobridge::media
