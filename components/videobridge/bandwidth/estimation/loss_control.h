// A limit by loss, for queues too short to be seen by delay. A radio loses some at any rate, a full queue the
// more the more is sent: only what exceeds the loss of good times counts.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::bandwidth::estimation {

class LossControl {
public:
  void on_packet(bool lost) {
    ++packets_;
    lost_ += lost ? 1 : 0;
  }
  // After each report. `rate` is the estimate now; `calm`: no queue grows or stands.
  void update(std::int64_t rate, std::optional<std::int64_t> delivered, bool calm, TimePoint now);
  // A probe has shown that the path carries this.
  void raise_to(std::int64_t rate);

  // bit/s; absent: none.
  std::optional<std::int64_t> limit() const { return limit_; }
  // Of good times, 0…1.
  double usual_loss() const;

private:
  static constexpr std::size_t kWindows = 16;
  bool is_window_over(TimePoint now) const;
  bool is_unusual(double loss) const;
  void judge(double loss, std::int64_t rate, std::int64_t delivered, bool calm);

  std::optional<TimePoint> since_;  // of the window being filled
  std::int64_t packets_ = 0;
  std::int64_t lost_ = 0;
  std::array<double, kWindows> windows_{};
  std::size_t known_ = 0;
  bool suspicious_ = false;  // the last window was unusual
  std::optional<std::int64_t> limit_;
};

}  // namespace cloister::videobridge::bandwidth::estimation
