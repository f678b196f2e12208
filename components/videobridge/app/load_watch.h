// How busy the media threads are, and what follows: the stress that focuses are told, and the videos that an
// overloaded shard may still show. Main thread.
#pragma once

#include <vector>

#include "videobridge/shard/busy_meter.h"
#include "videobridge/shard/load_reducer.h"
#include "videobridge/shard/shard.h"

namespace cloister::videobridge::app {

class LoadWatch {
public:
  // `shards` outlive this.
  explicit LoadWatch(const std::vector<std::unique_ptr<shard::Shard>>& shards);

  // Every few seconds.
  void measure(const shard::LoadSettings& settings, TimePoint now);
  // 1: the busiest shard is about to fall behind; may be more. The busiest one counts, not the mean: its
  // conferences are the first whose audio would suffer.
  double stress() const { return stress_; }

private:
  struct Watched {
    shard::Shard* shard = nullptr;
    shard::BusyMeter meter{};
    shard::LoadReducer reducer{};
    std::uint64_t packets = 0;
  };
  double load_of(Watched& watched, const shard::LoadSettings& settings, TimePoint now);

  std::vector<Watched> shards_;
  std::optional<TimePoint> measured_;
  double stress_ = 0;
  bool warned_ = false;
};

}  // namespace cloister::videobridge::app
