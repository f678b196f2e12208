#include "videobridge/bandwidth/estimation/probe_results.h"

#include <algorithm>

#include "base/ids.h"

namespace cloister::videobridge::bandwidth::estimation {
namespace {

// Of a cluster's packets must have arrived, percent.
constexpr int kEnough = 80;
constexpr int kLeastPackets = 4;
constexpr Duration kLongest = 1s;
// Clusters leave in steps of this length: the last one counts with it.
constexpr Duration kStep = 5ms;
// A cluster that arrives faster than it left was held up on the way.
constexpr std::int64_t kMostCompression = 2;
// Arrived slower than it left: the path was full. A little below keeps the queue short.
constexpr double kFull = 0.9;
constexpr double kKept = 0.95;

}  // namespace

bool ProbeResults::covers(std::uint16_t sequence) const {
  const auto place = static_cast<std::uint16_t>(sequence - first_);
  return end_ ? place < static_cast<std::uint16_t>(*end_ - first_) : place < 0x8000;
}

void ProbeResults::on_packet(const Outcome& packet) {
  if (!is_begun_ || !packet.arrival || !covers(packet.sequence)) return;
  ++arrivals_;
  if (packet.sent < counts_) return;
  if (packets_ == 0) {
    first_sent_ = last_sent_ = packet.sent;
    first_arrival_ = last_arrival_ = *packet.arrival;
  }
  first_sent_ = std::min(first_sent_, packet.sent);
  last_sent_ = std::max(last_sent_, packet.sent);
  first_arrival_ = std::min(first_arrival_, *packet.arrival);
  last_arrival_ = std::max(last_arrival_, *packet.arrival);
  bytes_ += packet.bytes;
  ++packets_;
  const double at = std::chrono::duration<double, std::milli>(*packet.arrival - first_arrival_).count();
  const auto arrived = static_cast<double>(bytes_);
  at_ += at;
  at_squared_ += at * at;
  arrived_ += arrived;
  product_ += at * arrived;
}

std::optional<ProbeResult> ProbeResults::take() {
  if (!is_begun_ || !end_ || packets_ < kLeastPackets) return std::nullopt;
  const int sent = static_cast<std::uint16_t>(*end_ - first_);
  if (arrivals_ * 100 < sent * kEnough) return std::nullopt;
  is_begun_ = false;
  return measure();
}

// Of the least-squares line: a packet that comes early or late weighs less than as an end of the span.
std::int64_t ProbeResults::slope() const {
  const double count = packets_;
  const double spread = at_squared_ - at_ * at_ / count;
  if (spread <= 0) return 0;
  const double bytes_per_ms = (product_ - at_ * arrived_ / count) / spread;
  return static_cast<std::int64_t>(std::clamp(bytes_per_ms * 8'000, 0.0, 1e12));
}

std::optional<ProbeResult> ProbeResults::measure() const {
  const Duration arriving = last_arrival_ - first_arrival_;
  const Duration sending = last_sent_ - first_sent_ + kStep;
  if (arriving <= Duration{0} || arriving > kLongest || sending > kLongest) return std::nullopt;
  const std::int64_t sent = rate_of(bytes_, sending);
  const std::int64_t arrived = slope();
  if (arrived > sent * kMostCompression) return std::nullopt;
  if (arrived < scaled(sent, kFull)) return ProbeResult{scaled(arrived, kKept), true};
  return ProbeResult{std::min(sent, arrived), false};
}

}  // namespace cloister::videobridge::bandwidth::estimation
