#include "videobridge/bandwidth/estimation/estimator.h"

#include <algorithm>
#include <cmath>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

// After a silence the next delays have nothing to do with the last ones.
constexpr Duration kSilence = 2s;
// A queue that stands is drained within about a second.
constexpr Duration kShortQueue = 50ms;
constexpr Duration kDrained = 1s;
constexpr double kLeastShare = 0.5;

constexpr double kAgreed = 0.3;
constexpr double kWeight = 0.3;
constexpr Duration kProbeLength = 15ms;
constexpr Duration kProofLength = 150ms;
constexpr double kPromise = 1.02;
constexpr int kProbePackets = 5;

}  // namespace

void Estimator::on_packet(const Outcome& packet) {
  loss_.on_packet(!packet.arrival);
  if (!packet.arrival) return;
  probe_.on_packet(packet);
  delivered_.add(*packet.arrival, packet.bytes);
  busy_.on_packet(*packet.arrival, packet.bytes, queue_.on_packet(packet.sent, *packet.arrival));
  if (const auto delta = groups_.add(packet.sent, *packet.arrival)) trendline_.add(*delta);
}

void Estimator::on_report_end(std::int64_t sent, Duration rtt, TimePoint now) {
  if (reported_ && now - *reported_ > kSilence) {
    groups_.reset();
    trendline_ = {};
  }
  reported_ = now;
  const std::int64_t before = estimate();
  limited_.update(sent, before, now);
  queue_.update(now);
  busy_.update(now);
  control_.update({.usage = trendline_.usage(),
                   .delivered = delivered_.value(),
                   .lasting = is_calm() ? delivered_.lasting() : std::nullopt,
                   .busy = busy_.value(),
                   .limited = limited_.is_limited(),
                   .rtt = rtt},
                  now);
  loss_.update(estimate(), delivered_.value(), is_calm(), now);
  if (estimate() < before) {
    planner_.on_drop(before, now);
    is_proven_ = true;
  }
  if (const auto shown = probe_.take()) on_probe(*shown, now);
}

// A short cluster that shows more than is known proves nothing.
bool Estimator::is_promise(const ProbeResult& shown) const {
  if (planner_.is_proving()) return false;
  return shown.rate > scaled(estimate(), kPromise) || (!is_proven_ && !shown.full);
}

// A probe is short, and jitter makes it look slower or faster than the path is. Where a full path agrees with
// the estimate roughly, the truth lies between; where it is much slower than what was proven, it takes a
// second probe to believe it.
void Estimator::on_probe(const ProbeResult& shown, TimePoint now) {
  if (is_promise(shown)) return planner_.on_promise(std::max(shown.rate, is_proven_ ? 0 : estimate()));
  const std::int64_t before = estimate();
  std::int64_t rate = shown.rate;
  const bool less = shown.full && rate < before;
  if (shown.full && is_proven_) {
    const double difference = static_cast<double>(rate - before) / static_cast<double>(before);
    if (std::abs(difference) < kAgreed) {
      rate = before + scaled(rate - before, kWeight);
    } else if (less && !doubt_) {
      doubt_ = rate;
      return planner_.on_doubt(now);
    }
  }
  if (less) control_.lower_to(std::max(rate, doubt_.value_or(0)), now);
  doubt_.reset();
  is_proven_ = true;
  planner_.on_result(shown.rate);
  control_.raise_to(rate, now);
  loss_.raise_to(rate);
}

std::int64_t Estimator::estimate() const {
  return std::min(control_.rate(), loss_.limit().value_or(control_.rate()));
}

std::int64_t Estimator::budget() const {
  const double late = std::chrono::duration<double>(queue_.wait() - kShortQueue) / kDrained;
  return scaled(estimate(), std::clamp(1 - late, kLeastShare, 1.0));
}

std::optional<Estimator::Cluster> Estimator::plan_probe(TimePoint now) {
  const auto next = planner_.next(
      {.estimate = estimate(), .wanted = wanted_, .calm = is_calm(), .proven = is_proven_}, now);
  if (!next) return std::nullopt;
  const Duration length = next->is_proof ? kProofLength : kProbeLength;
  return Cluster{.rate = next->rate,
                 .bytes = bytes_in(next->rate, length),
                 .packets = kProbePackets,
                 .settling = next->is_proof ? length / 2 : Duration{}};
}

}  // namespace cloister::videobridge::bandwidth::estimation
