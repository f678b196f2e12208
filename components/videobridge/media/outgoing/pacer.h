// Smooths what exceeds a path's share: a key frame that would leave as one burst of many packets leaves at
// two and a half times the estimate, in steps of 5 ms. What fits into the share leaves at once, as one train;
// audio and retransmissions never wait. The queue names packets of the retransmission caches: no copies, and
// no memory but a ring that grows with the longest queue so far. Shard thread; owned by its send path.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/clock.h"

namespace cloister::videobridge::media {

struct SendStream;

class Pacer {
public:
  static constexpr Duration kStep = 5ms;
  // Nobody waits that long for a frame: time to begin anew with a small one.
  static constexpr Duration kLongestWait = 400ms;

  struct Waiting {
    SendStream* stream = nullptr;
    std::uint16_t sequence = 0;
    TimePoint since;
  };

  // The estimate, bit/s. Before the first call nothing ever waits.
  void set_rate(std::int64_t rate);
  bool is_on() const { return rate_ > 0; }
  void on_sent(std::size_t bytes, TimePoint now);
  // Whether video has to wait now: others do already, or the share is used up.
  bool must_wait(TimePoint now) const { return is_on() && (count_ > 0 || debt(now) > burst_); }

  // Retransmissions may take a share of the path, no more: where everything is lost, all of it again would
  // only add to the trouble. False: it will be asked for again.
  bool may_repeat(std::size_t bytes, TimePoint now);

  // False when the queue is full or its oldest has waited too long: clear() it.
  bool push(SendStream& stream, std::uint16_t sequence, TimePoint now);
  // The next one whose turn has come.
  std::optional<Waiting> pop(TimePoint now);
  // The next one, whose turn or not; for clearing.
  std::optional<Waiting> take();
  // Before the stream dies or stops.
  void forget(const SendStream& stream);

  std::size_t waiting() const { return count_; }
  std::optional<TimePoint> next_due() const { return due_; }

private:
  static constexpr std::size_t kFewest = 16;
  static constexpr std::size_t kPackets = 256;
  std::int64_t debt(TimePoint now) const;

  void grow();

  std::vector<Waiting> ring_;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::int64_t rate_ = 0;   // at which the debt is paid off, bit/s
  std::int64_t burst_ = 0;  // bytes that leave at once
  std::int64_t debt_ = 0;   // bytes sent and not paid off yet, at paid_
  TimePoint paid_{};
  std::int64_t repeat_rate_ = 0;  // bit/s
  std::int64_t repeats_ = 0;      // bytes that may be repeated, at refilled_
  TimePoint refilled_{};
  std::optional<TimePoint> due_;
};

}  // namespace cloister::videobridge::media
