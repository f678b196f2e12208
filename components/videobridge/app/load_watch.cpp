#include "videobridge/app/load_watch.h"

#include <algorithm>
#include <utility>

#include "base/log.h"

namespace cloister::videobridge::app {

LoadWatch::LoadWatch(const std::vector<std::unique_ptr<shard::Shard>>& shards) {
  for (const auto& shard : shards) shards_.push_back({.shard = shard.get()});
}

void LoadWatch::measure(const shard::LoadSettings& settings, TimePoint now) {
  double busiest = 0;
  for (Watched& watched : shards_) {
    const double load = load_of(watched, settings, now);
    busiest = std::max(busiest, load);
    const auto largest = static_cast<int>(watched.shard->counters().conference.largest_conference.value());
    if (!watched.reducer.measure(load, largest, settings, now)) continue;
    const int last_n = watched.reducer.last_n();
    watched.shard->limit_last_n(last_n);
    if (last_n < 0) {
      log::info("load has gone: all videos are shown again");
    } else {
      log::warning("a media thread is {:.0f} % busy: at most {} videos are shown to each", load * 100,
                   last_n);
    }
  }
  measured_ = now;
  stress_ = busiest / settings.threshold;
}

double LoadWatch::load_of(Watched& watched, const shard::LoadSettings& settings, TimePoint now) {
  const conference::Counters& counters = watched.shard->counters().conference;
  const std::uint64_t packets = counters.packets_received.value() + counters.packets_sent.value();
  const std::uint64_t passed = packets - std::exchange(watched.packets, packets);
  const pid_t thread = watched.shard->thread();
  if (thread == 0) return 0;  // about to begin
  double load = 0;
  if (const auto times = shard::processor_times(thread)) {
    load = watched.meter.measure(*times, now);
  } else if (!std::exchange(warned_, true)) {
    log::warning("the kernel does not tell the processor time of threads: only packets are counted as load");
  }
  if (settings.packets_per_second > 0 && measured_ && now > *measured_) {
    const double seconds = std::chrono::duration<double>(now - *measured_).count();
    load = std::max(load, static_cast<double>(passed) / seconds / settings.packets_per_second);
  }
  return load;
}

}  // namespace cloister::videobridge::app
