// How busy a thread is: the part of the time in which it ran, or would have run had a processor been free. 1
// is a thread that never gets to the end of its work, also where others take the processor from it (Linux,
// Documentation/scheduler/sched-stats.rst, /proc/<pid>/schedstat). Any thread may measure any other.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/clock.h"

namespace cloister::videobridge::shard {

// Nanoseconds since the thread began.
struct ProcessorTimes {
  std::uint64_t running = 0;
  std::uint64_t waiting = 0;  // ready to run
};
std::optional<ProcessorTimes> parse_schedstat(std::string_view text);
// Of a thread of this process; nothing when the kernel does not say.
std::optional<ProcessorTimes> processor_times(pid_t thread);

class BusyMeter {
public:
  // 0…1 between the call before and this one; 0 at first.
  double measure(const ProcessorTimes& times, TimePoint now);

private:
  std::optional<TimePoint> last_;
  std::uint64_t used_ = 0;
};

}  // namespace cloister::videobridge::shard
