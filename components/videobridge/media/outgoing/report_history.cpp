#include "videobridge/media/outgoing/report_history.h"

#include <algorithm>

namespace cloister::videobridge::media {

void ReportHistory::on_sent(const wire::SenderReport& report, TimePoint now) {
  if (sent_.size() == sent_.capacity())
    std::erase_if(sent_, [now](const Sent& sent) { return now - sent.at > kKept; });
  if (sent_.size() == kReports) sent_.erase(sent_.begin());
  sent_.push_back({.ssrc = report.ssrc, .compact_ntp = report.compact_ntp(), .at = now});
}

std::optional<Duration> ReportHistory::round_trip(const wire::ReportBlock& block, TimePoint now) const {
  if (block.last_sr == 0) return std::nullopt;
  const Duration held{static_cast<std::int64_t>(block.delay_since_last_sr) * 1'000'000'000 / 65536};
  if (held > kMaxDelay) return std::nullopt;
  for (const Sent& sent : sent_) {
    if (sent.compact_ntp != block.last_sr || sent.ssrc != block.ssrc) continue;
    const Duration round_trip = now - sent.at - held;
    // Clocks tick at different speeds: a little less than nothing is nothing.
    if (round_trip < -1ms || round_trip > kMaxRoundTrip) return std::nullopt;
    return std::max(round_trip, Duration{0});
  }
  return std::nullopt;
}

}  // namespace cloister::videobridge::media
