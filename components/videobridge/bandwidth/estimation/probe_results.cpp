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
  if (packets_ == 0 || *packet.arrival < first_arrival_) {
    first_arrival_ = *packet.arrival;
    first_bytes_ = packet.bytes;
  }
  if (packets_ == 0) {
    first_sent_ = last_sent_ = packet.sent;
    last_arrival_ = *packet.arrival;
  }
  first_sent_ = std::min(first_sent_, packet.sent);
  last_sent_ = std::max(last_sent_, packet.sent);
  last_arrival_ = std::max(last_arrival_, *packet.arrival);
  bytes_ += packet.bytes;
  ++packets_;
}

std::optional<std::int64_t> ProbeResults::take() {
  if (!is_begun_ || !end_ || packets_ < kLeastPackets) return std::nullopt;
  const int sent = static_cast<std::uint16_t>(*end_ - first_);
  if (packets_ * 100 < sent * kEnough) return std::nullopt;
  is_begun_ = false;
  return measure();
}

std::optional<std::int64_t> ProbeResults::measure() const {
  const Duration arriving = last_arrival_ - first_arrival_;
  const Duration sending = last_sent_ - first_sent_ + kStep;
  if (arriving <= Duration{0} || arriving > kLongest || sending > kLongest) return std::nullopt;
  const std::int64_t sent = rate_of(bytes_, sending);
  const std::int64_t arrived = rate_of(bytes_ - first_bytes_, arriving);
  if (arrived > sent * kMostCompression) return std::nullopt;
  if (arrived < scaled(sent, kFull)) return scaled(arrived, kKept);
  return std::min(sent, arrived);
}

}  // namespace cloister::videobridge::bandwidth::estimation
