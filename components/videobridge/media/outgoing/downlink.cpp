#include "videobridge/media/outgoing/downlink.h"

#include <algorithm>
#include <utility>

namespace cloister::videobridge::media {

void Downlink::on_feedback(const wire::TransportCc& feedback, Duration rtt, SentTotals& totals,
                           TimePoint now) {
  if (estimator_ == nullptr) estimator_ = std::make_unique<Estimator>();
  Duration quickest = Duration::max();
  totals.unmatched_feedback += sent_.on_feedback(feedback, now, [&](const SentPackets::Outcome& packet) {
    ++(packet.arrival ? totals.reported_received : totals.reported_lost);
    estimator_->on_packet(packet);
    if (packet.arrival)
      quickest = std::min<Duration>(quickest, now - packet.sent);
    else
      lost_ = packet.sent;
  });
  if (quickest != Duration::max()) round_trip_ = quickest;
  estimator_->set_wanted(wanted_ == 0 ? 0 : wanted_ + audio_.bits_per_second(now));
  estimator_->on_report_end(std::exchange(unreported_, 0), rtt, now);
}

std::optional<std::int64_t> Downlink::estimate() const {
  if (estimator_ == nullptr) return std::nullopt;
  return estimator_->estimate();
}

std::optional<std::int64_t> Downlink::video_budget(TimePoint now) const {
  if (estimator_ == nullptr) return std::nullopt;
  return std::max<std::int64_t>(estimator_->budget() - audio_.bits_per_second(now), 0);
}

}  // namespace cloister::videobridge::media
