#include "videobridge/bandwidth/estimation/probe_results.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

// A cluster of packets at `rate` in steps of 5 ms, over a line of `capacity`.
class Line {
public:
  explicit Line(std::int64_t capacity) : capacity_(capacity) {}

  std::optional<ProbeResult> probe(std::int64_t rate, int lose_each = 1000) {
    ProbeResults results;
    results.begin(next_);
    std::int64_t sent = 0;
    int count = 0;
    for (Duration at{}; at < 15ms || count < 5; at += 5ms) {
      while (sent < bytes_in(rate, at + 5ms)) {
        sent += 500;
        busy_ = std::max(busy_, Duration(20ms) + at) + Duration(1s) * 500 * 8 / capacity_;
        Outcome packet{.sequence = next_++, .bytes = 500, .sent = TimePoint(at), .arrival = busy_};
        if (++count % lose_each == 0) packet.arrival.reset();
        results.on_packet(packet);
      }
    }
    results.end(next_);
    return results.take();
  }

private:
  std::int64_t capacity_;
  Duration busy_{};
  std::uint16_t next_ = 65530;  // wraps soon
};

struct Case {
  const char* why;
  std::int64_t capacity, rate, least, most;
};
constexpr Case kCases[] = {
    {"a line that carries more shows the probe's rate", 100'000'000, 2'000'000, 1'700'000, 2'500'000},
    {"a line that carries half shows itself",           1'000'000,   2'000'000, 900'000,   1'000'000},
    {"the same of a slow one",                          300'000,     600'000,   260'000,   300'000  },
    {"and of a fast one",                               5'000'000,   8'000'000, 4'500'000, 5'000'000},
};

TEST(ProbeResults, ShowWhatTheLineCarries) {
  for (const Case& one : kCases) {
    SCOPED_TRACE(one.why);
    const auto result = Line(one.capacity).probe(one.rate);
    ASSERT_TRUE(result);
    EXPECT_GE(result->rate, one.least);
    EXPECT_LE(result->rate, one.most);
  }
}

TEST(ProbeResults, AreWorthNothingWhenMuchIsLost) {
  EXPECT_TRUE(Line(1'000'000).probe(2'000'000, 7));
  EXPECT_FALSE(Line(1'000'000).probe(2'000'000, 3));
}

TEST(ProbeResults, AreWorthNothingWhenTheClusterWasHeldUp) {
  ProbeResults results;
  results.begin(1);
  for (std::uint16_t i = 1; i <= 10; ++i)
    results.on_packet(
        {.sequence = i, .bytes = 1000, .sent = TimePoint(i * 5ms), .arrival = 100ms + i * 100us});
  results.end(11);
  EXPECT_FALSE(results.take());
}

TEST(ProbeResults, WaitForTheCluster) {
  ProbeResults results;
  results.begin(1);
  for (std::uint16_t i = 1; i <= 3; ++i)
    results.on_packet({.sequence = i, .bytes = 1000, .sent = TimePoint(i * 5ms), .arrival = i * 5ms});
  results.end(7);
  EXPECT_FALSE(results.take());
  EXPECT_TRUE(results.is_open());
  for (std::uint16_t i = 4; i <= 8; ++i)
    results.on_packet({.sequence = i, .bytes = 1000, .sent = TimePoint(i * 5ms), .arrival = i * 5ms});
  EXPECT_TRUE(results.take());
  EXPECT_FALSE(results.is_open());
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
