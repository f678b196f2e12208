#include "videobridge/media/incoming/receive_statistics.h"

#include <algorithm>
#include <cmath>

namespace cloister::videobridge::media {

void ReceiveStatistics::on_packet(std::int64_t sequence, std::uint32_t timestamp, std::uint32_t clock_rate,
                                  TimePoint now) {
  if (!started_) base_ = highest_ = sequence;
  base_ = std::min(base_, sequence);
  highest_ = std::max(highest_, sequence);
  ++received_;
  if (clock_rate > 0) update_jitter(timestamp, clock_rate, now);
  started_ = true;
}

void ReceiveStatistics::update_jitter(std::uint32_t timestamp, std::uint32_t clock_rate, TimePoint now) {
  const auto arrival = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  const auto arrival_units = static_cast<std::uint32_t>(arrival / 1000 * clock_rate / 1000);
  const std::int64_t transit = static_cast<std::int32_t>(arrival_units - timestamp);
  if (started_) {
    const auto change = static_cast<std::int32_t>(static_cast<std::uint32_t>(transit - transit_));
    jitter_ += (std::abs(static_cast<double>(change)) - jitter_) / 16;
  }
  transit_ = transit;
}

void ReceiveStatistics::on_sender_report(const wire::SenderReport& report, TimePoint now) {
  last_sr_ = report.compact_ntp();
  last_sr_arrival_ = now;
}

wire::ReportBlock ReceiveStatistics::report(Ssrc ssrc, TimePoint now) {
  constexpr std::int64_t kMaxLost = 0x7fffff;
  const std::int64_t expected = highest_ - base_ + 1;
  const std::int64_t expected_now = expected - expected_prior_;
  const std::int64_t lost_now = expected_now - (received_ - received_prior_);
  expected_prior_ = expected;
  received_prior_ = received_;

  wire::ReportBlock block{.ssrc = ssrc};
  if (expected_now > 0 && lost_now > 0)
    block.fraction_lost =
        static_cast<std::uint8_t>(std::min<std::int64_t>(lost_now * 256 / expected_now, 255));
  block.cumulative_lost =
      static_cast<std::int32_t>(std::clamp(expected - received_, -kMaxLost - 1, kMaxLost));
  // The unwrapper begins in cycle 1; a report begins in cycle 0.
  block.highest_sequence = static_cast<std::uint32_t>(highest_ - 0x10000);
  block.jitter = static_cast<std::uint32_t>(jitter_);
  block.last_sr = last_sr_;
  if (last_sr_ != 0) {
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(now - last_sr_arrival_).count();
    block.delay_since_last_sr = static_cast<std::uint32_t>(since * 65536 / 1'000'000);
  }
  return block;
}

}  // namespace cloister::videobridge::media
