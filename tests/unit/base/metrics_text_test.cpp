#include "base/metrics_text.h"

#include <gtest/gtest.h>

#include <array>

namespace cloister {
namespace {

using Format = MetricsText::Format;

std::string example(Format format) {
  MetricsText text(format, "x_");
  text.gauge("rooms", "Open rooms.", 2);
  text.counter("guests", "Guests ever.", 7);
  text.begin_counter("drops", "Dropped.");
  text.sample("drops", "reason", "late", 1);
  constexpr std::array<std::int64_t, 2> kBounds{2, 5};
  constexpr std::array<std::int64_t, 3> kCounts{1, 0, 2};
  text.histogram("sizes", "Sizes.", kBounds, kCounts, 21);
  return std::move(text).finish();
}

constexpr const char* kSizes =
    "# HELP x_sizes Sizes.\n# TYPE x_sizes histogram\n"
    "x_sizes_bucket{le=\"2.0\"} 1\nx_sizes_bucket{le=\"5.0\"} 1\nx_sizes_bucket{le=\"+Inf\"} 3\n"
    "x_sizes_count 3\nx_sizes_sum 21\n";

TEST(MetricsText, PrometheusNamesACounterByItsSample) {
  EXPECT_EQ(
      example(Format::prometheus),
      std::string("# HELP x_rooms Open rooms.\n# TYPE x_rooms gauge\nx_rooms 2\n"
                  "# HELP x_guests_total Guests ever.\n# TYPE x_guests_total counter\nx_guests_total 7\n"
                  "# HELP x_drops_total Dropped.\n# TYPE x_drops_total counter\n"
                  "x_drops_total{reason=\"late\"} 1\n") +
          kSizes);
}

TEST(MetricsText, OpenMetricsNamesACounterByItsFamilyAndEnds) {
  EXPECT_EQ(
      example(Format::open_metrics),
      std::string("# HELP x_rooms Open rooms.\n# TYPE x_rooms gauge\nx_rooms 2\n"
                  "# HELP x_guests Guests ever.\n# TYPE x_guests counter\nx_guests_total 7\n"
                  "# HELP x_drops Dropped.\n# TYPE x_drops counter\nx_drops_total{reason=\"late\"} 1\n") +
          kSizes + "# EOF\n");
}

TEST(MetricsText, TheAcceptHeaderChooses) {
  EXPECT_EQ(MetricsText::preferred(""), Format::prometheus);
  EXPECT_EQ(MetricsText::preferred("text/plain;version=0.0.4;q=0.5,*/*;q=0.1"), Format::prometheus);
  EXPECT_EQ(MetricsText::preferred("application/openmetrics-text;version=1.0.0,text/plain;q=0.5"),
            Format::open_metrics);
  EXPECT_EQ(MetricsText::content_type(Format::prometheus), "text/plain; version=0.0.4; charset=utf-8");
}

}  // namespace
}  // namespace cloister
