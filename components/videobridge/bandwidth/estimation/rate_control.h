// The estimate by delay: down to a little below what the path carried when a queue grows, up again in small
// steps while none does (draft-ietf-rmcat-gcc-02 §5.5). An SFU sends what its layers happen to weigh, not
// what the path would carry: it may grow only as far as what was delivered proves. The rest is up to probes.
#pragma once

#include <cstdint>
#include <optional>

#include "videobridge/bandwidth/estimation/trendline.h"

namespace cloister::videobridge::bandwidth::estimation {

// Where the path was full the last times, bit/s, as an average with its spread.
class LinkCapacity {
public:
  void on_full(std::int64_t delivered);
  void forget() { average_ = -1; }
  bool is_known() const { return average_ >= 0; }
  // Three standard deviations around the average.
  std::int64_t least() const { return static_cast<std::int64_t>(average_ - 3 * spread()); }
  std::int64_t most() const { return static_cast<std::int64_t>(average_ + 3 * spread()); }
  std::int64_t average() const { return static_cast<std::int64_t>(average_); }

private:
  double spread() const;

  double average_ = -1;
  double variance_ = 0.4;  // relative, kbit/s
};

class RateControl {
public:
  explicit RateControl(std::int64_t initial) : rate_(initial) {}

  struct Input {
    Usage usage = Usage::normal;
    std::optional<std::int64_t> delivered;  // bit/s on average
    std::optional<std::int64_t> lasting{};  // for half a second
    std::optional<std::int64_t> busy;       // and while the path was busy
    bool limited = false;                   // by the application: what arrives says nothing of what could
    Duration rtt{};
  };
  void update(const Input& input, TimePoint now);
  // A probe has shown that the path carries this.
  void raise_to(std::int64_t rate, TimePoint now);
  // Probes have shown that it carries no more than this.
  void lower_to(std::int64_t rate, TimePoint now);

  std::int64_t rate() const { return rate_; }

private:
  enum class State : std::uint8_t { hold, increase };
  void decrease(const Input& input, TimePoint now);
  void increase(const Input& input, TimePoint now);
  std::int64_t step(const Input& input, Duration time) const;

  std::int64_t rate_;
  LinkCapacity capacity_;
  State state_ = State::hold;
  std::optional<TimePoint> changed_;
  std::optional<TimePoint> decreased_;
};

}  // namespace cloister::videobridge::bandwidth::estimation
