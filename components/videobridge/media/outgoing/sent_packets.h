// The transport-wide sequence numbers of one receiver, and when and how large the packets were that carried
// them: what the bandwidth estimator compares with the receiver's feedback.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "videobridge/bandwidth/estimation/outcome.h"
#include "videobridge/media/outgoing/sequence_ring.h"
#include "wire/transport_cc.h"

namespace cloister::videobridge::media {

class SentPackets {
public:
  static constexpr std::size_t kPackets = 2048;  // a second at 20 Mbit/s
  // Longer no report is waited for: reports come ten times a second, queues are shorter than that.
  static constexpr std::chrono::microseconds kAwaited = 3s;

  using Outcome = bandwidth::estimation::Outcome;

  // The number of the next packet; it counts as sent with record().
  std::uint16_t next() const { return next_; }
  void record(std::size_t bytes, TimePoint now) {
    const std::uint32_t time = micros(now);
    Entry& entry = entries_.make_room(next_, [time](const Entry& there) {
      return there.bytes != 0 && std::chrono::microseconds(time - there.micros) <= kAwaited;
    });
    entry = {.micros = time, .number = next_, .bytes = static_cast<std::uint16_t>(bytes)};
    ++next_;
  }

  // Calls visit(const Outcome&) for each packet reported on that is still known and was not reported as
  // received before. Returns how many were not known.
  template <class Visit>
  std::size_t on_feedback(const wire::TransportCc& feedback, TimePoint now, Visit&& visit) {
    std::size_t unmatched = 0;
    feedback.for_each([&](const wire::TransportCc::Packet& packet) {
      Entry* sent = find(packet.sequence);
      if (sent == nullptr) {
        ++unmatched;
        return;
      }
      const std::chrono::microseconds ago{micros(now) - sent->micros};
      visit(Outcome{sent->number, sent->bytes, now - ago, packet.arrival});
      if (packet.arrival) sent->bytes = 0;
    });
    return unmatched;
  }

private:
  struct Entry {
    std::uint32_t micros = 0;  // wraps after 71 minutes; an entry lives for seconds
    std::uint16_t number = 0;
    std::uint16_t bytes = 0;  // 0: none
  };
  static std::uint32_t micros(TimePoint now) {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count());
  }
  Entry* find(std::uint16_t sequence) {
    Entry* entry = entries_.find(sequence);
    return entry != nullptr && entry->bytes != 0 && entry->number == sequence ? entry : nullptr;
  }

  SequenceRing<Entry, 64, kPackets> entries_;
  std::uint16_t next_ = 1;  // protocol/bridge.md §5.7
};

}  // namespace cloister::videobridge::media
