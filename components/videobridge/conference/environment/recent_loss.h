// The part of the packets that was lost, over the last hundred or more that were reported.
#pragma once

#include <cstdint>

namespace cloister::videobridge::conference {

class RecentLoss {
public:
  void add(std::uint64_t reported, std::uint64_t lost) {
    reported_ += reported;
    lost_ += lost;
    if (reported_ < kEnough) return;
    fraction_ = static_cast<double>(lost_) / static_cast<double>(reported_);
    reported_ = lost_ = 0;
  }
  double fraction() const { return fraction_; }

private:
  static constexpr std::uint64_t kEnough = 100;

  std::uint64_t reported_ = 0;
  std::uint64_t lost_ = 0;
  double fraction_ = 0;
};

}  // namespace cloister::videobridge::conference
