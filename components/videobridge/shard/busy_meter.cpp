#include "videobridge/shard/busy_meter.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace cloister::videobridge::shard {

std::optional<ProcessorTimes> parse_schedstat(std::string_view text) {
  ProcessorTimes out;
  const char* const end = text.data() + text.size();
  const auto running = std::from_chars(text.data(), end, out.running);
  if (running.ec != std::errc() || running.ptr == end || *running.ptr != ' ') return std::nullopt;
  const auto waiting = std::from_chars(running.ptr + 1, end, out.waiting);
  if (waiting.ec != std::errc()) return std::nullopt;
  return out;
}

std::optional<ProcessorTimes> processor_times(pid_t thread) {
  const std::string file = fmt::format("/proc/self/task/{}/schedstat", thread);
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  std::array<char, 128> text{};
  const ssize_t length = read(descriptor, text.data(), text.size());
  close(descriptor);
  if (length <= 0) return std::nullopt;
  return parse_schedstat({text.data(), static_cast<std::size_t>(length)});
}

double BusyMeter::measure(const ProcessorTimes& times, TimePoint now) {
  const std::uint64_t used = times.running + times.waiting;
  const std::uint64_t before = std::exchange(used_, used);
  const std::optional<TimePoint> last = std::exchange(last_, now);
  if (!last || now <= *last || used < before) return 0;
  const auto passed = static_cast<double>((now - *last).count());
  return std::min(static_cast<double>(used - before) / passed, 1.0);
}

}  // namespace cloister::videobridge::shard
