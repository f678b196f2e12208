// What a receiver reports about one stream: loss and jitter as in RFC 3550 §6.4.1, §A.3, §A.8.
#pragma once

#include <cstdint>

#include "base/clock.h"
#include "wire/rtcp.h"

namespace cloister::videobridge::media {

class ReceiveStatistics {
public:
  // `sequence` is unwrapped. `clock_rate` in Hz, may be 0 (unknown: no jitter).
  void on_packet(std::int64_t sequence, std::uint32_t timestamp, std::uint32_t clock_rate, TimePoint now);
  void on_sender_report(const wire::SenderReport& report, TimePoint now);

  // Packets that should have come since the beginning, and those that did.
  std::int64_t expected() const { return started_ ? highest_ - base_ + 1 : 0; }
  std::int64_t received() const { return received_; }
  // Something arrived since the last report().
  bool active() const { return received_ != received_prior_; }
  // Begins the next interval.
  wire::ReportBlock report(Ssrc ssrc, TimePoint now);

private:
  void update_jitter(std::uint32_t timestamp, std::uint32_t clock_rate, TimePoint now);

  bool started_ = false;
  std::int64_t base_ = 0;
  std::int64_t highest_ = 0;
  std::int64_t received_ = 0;
  std::int64_t expected_prior_ = 0;
  std::int64_t received_prior_ = 0;
  std::int64_t transit_ = 0;  // timestamp units
  double jitter_ = 0;
  std::uint32_t last_sr_ = 0;
  TimePoint last_sr_arrival_;
};

}  // namespace cloister::videobridge::media
