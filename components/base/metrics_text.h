// Metrics as text for a scraper: Prometheus text format 0.0.4, or OpenMetrics 1.0. Names, labels and helps
// come from our own tables, never from outside, so nothing is escaped.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace cloister {

class MetricsText {
public:
  enum class Format : std::uint8_t { prometheus, open_metrics };

  // What the Accept header of a request asks for; Prometheus when it asks for neither.
  static Format preferred(std::string_view accept);
  static std::string_view content_type(Format format);

  // `prefix` stands before every name, "jitsi_jvb_".
  MetricsText(Format format, std::string_view prefix) : format_(format), prefix_(prefix) {}

  void gauge(std::string_view name, std::string_view help, double value);
  // `name` without "_total", which every counter's sample gets.
  void counter(std::string_view name, std::string_view help, std::uint64_t value);
  // One counter with a sample for each value of a label.
  void begin_counter(std::string_view name, std::string_view help);
  void sample(std::string_view name, std::string_view label, std::string_view value, std::uint64_t count);
  // `counts[i]` observations up to `bounds[i]`, each in one place; one more count than bounds: beyond the
  // last.
  void histogram(std::string_view name, std::string_view help, std::span<const std::int64_t> bounds,
                 std::span<const std::int64_t> counts, std::int64_t sum);

  std::string finish() &&;

private:
  void begin(std::string_view name, std::string_view kind, std::string_view help);

  Format format_;
  std::string prefix_;
  std::string text_;
};

}  // namespace cloister
