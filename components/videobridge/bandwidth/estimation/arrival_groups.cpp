#include "videobridge/bandwidth/estimation/arrival_groups.h"

#include <algorithm>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

constexpr Duration kTogether = 5ms;
// Packets that queued up somewhere arrive in one go: they belong together although they were not sent so.
constexpr Duration kBurstGap = 5ms;
constexpr Duration kLongestBurst = 100ms;
// So many groups out of order in a row: another path, or another clock.
constexpr int kMostBackwards = 3;

}  // namespace

std::optional<GroupDelta> ArrivalGroups::add(TimePoint sent, Duration arrival) {
  if (!current_) {
    current_ = Group{sent, sent, arrival, arrival};
    return std::nullopt;
  }
  if (sent < current_->first_sent) return std::nullopt;
  if (belongs(sent, arrival)) {
    current_->last_sent = std::max(current_->last_sent, sent);
    current_->last_arrival = std::max(current_->last_arrival, arrival);
    return std::nullopt;
  }
  const auto found = difference();
  if (current_) previous_ = current_;
  current_ = Group{sent, sent, arrival, arrival};
  return found;
}

bool ArrivalGroups::belongs(TimePoint sent, Duration arrival) const {
  const Duration send_gap = sent - current_->last_sent;
  if (send_gap == Duration{0}) return true;
  const Duration arrival_gap = arrival - current_->last_arrival;
  const bool caught_up = arrival_gap < send_gap && arrival_gap <= kBurstGap;
  if (caught_up && arrival - current_->first_arrival < kLongestBurst) return true;
  return sent - current_->first_sent <= kTogether;
}

std::optional<GroupDelta> ArrivalGroups::difference() {
  if (!previous_) return std::nullopt;
  const Duration arrival = current_->last_arrival - previous_->last_arrival;
  if (arrival < Duration{0}) {
    if (++backwards_ >= kMostBackwards) reset();
    return std::nullopt;
  }
  backwards_ = 0;
  return GroupDelta{current_->last_sent - previous_->last_sent, arrival, current_->last_arrival};
}

}  // namespace cloister::videobridge::bandwidth::estimation
