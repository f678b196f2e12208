// What arrives, in bit/s: short windows, and an average that believes a window the less, the further it is
// from what was measured before.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::bandwidth::estimation {

class DeliveredRate {
public:
  // In the order of arrival, roughly.
  void add(Duration arrival, std::int64_t bytes);
  // Nothing until the first window is over.
  std::optional<std::int64_t> value() const {
    return rate_ < 0 ? std::nullopt : std::optional(static_cast<std::int64_t>(rate_));
  }

  // What was carried for half a second at least, whatever came before: the least of the last windows.
  std::optional<std::int64_t> lasting() const;

private:
  static constexpr std::size_t kLasting = 4;  // windows
  void learn(double sample);

  std::optional<Duration> last_;
  Duration window_{};  // of the one being filled
  std::int64_t bytes_ = 0;
  double rate_ = -1;
  double variance_ = 50;                          // (kbit/s)²
  std::array<std::int64_t, kLasting> windows_{};  // bit/s
  std::size_t known_ = 0;
};

}  // namespace cloister::videobridge::bandwidth::estimation
