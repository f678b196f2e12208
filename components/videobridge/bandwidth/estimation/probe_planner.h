// When to send faster than the estimate for a moment, and how fast: what is sent is what layers happen to
// weigh, so a rise can only be found by trying. Never without need: somebody must want more than the estimate
// allows.
//
// Two steps: a short cluster, which costs a slow path next to nothing; and where that one arrived as fast as
// it left, a long one to prove it. A token bucket passes short ones at any rate.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::bandwidth::estimation {

class ProbePlanner {
public:
  struct Situation {
    std::int64_t estimate = 0;
    std::int64_t wanted = 0;  // bit/s that would be sent if the path allowed; 0: no video is wanted
    bool calm = false;        // no queue grows or stands
    bool proven = true;       // the path carries the estimate
  };
  struct Cluster {
    std::int64_t rate = 0;  // bit/s
    bool is_proof = false;  // the long one
  };
  // The cluster to send now; it counts as asked.
  std::optional<Cluster> next(const Situation& situation, TimePoint now);
  // Whether the one asked for last was to prove something.
  bool is_proving() const { return asked_ && asked_->is_proof; }
  // A short cluster has shown this: to be proven now.
  void on_promise(std::int64_t rate);
  // What the probe has shown.
  void on_result(std::int64_t rate);
  // It has shown less than the estimate: worth a second look.
  void on_doubt(TimePoint now);
  // The estimate fell; it may have been a moment's trouble.
  void on_drop(std::int64_t before, TimePoint now);

private:
  struct Asked {
    std::int64_t rate = 0;
    TimePoint at;
    bool is_proof = false;
  };
  std::optional<Cluster> choose(const Situation& situation, TimePoint now);

  std::optional<Asked> asked_;  // no result yet
  std::optional<Asked> lost_;   // the estimate before it fell, and when
  std::optional<std::int64_t> promise_;
  bool goes_on_ = true;  // the last one was not the path's limit
  TimePoint next_{};
};

}  // namespace cloister::videobridge::bandwidth::estimation
