#include "base/metrics_text.h"

#include <fmt/format.h>

#include <iterator>

#include "base/assert.h"

namespace cloister {

MetricsText::Format MetricsText::preferred(std::string_view accept) {
  const bool open = accept.find("application/openmetrics-text") != std::string_view::npos;
  return open ? Format::open_metrics : Format::prometheus;
}

std::string_view MetricsText::content_type(Format format) {
  return format == Format::open_metrics ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
                                        : "text/plain; version=0.0.4; charset=utf-8";
}

void MetricsText::begin(std::string_view name, std::string_view kind, std::string_view help) {
  // OpenMetrics describes the family, Prometheus the sample.
  const std::string_view suffix = kind == "counter" && format_ == Format::prometheus ? "_total" : "";
  fmt::format_to(std::back_inserter(text_), "# HELP {0}{1}{2} {3}\n# TYPE {0}{1}{2} {4}\n", prefix_, name,
                 suffix, help, kind);
}

void MetricsText::gauge(std::string_view name, std::string_view help, double value) {
  begin(name, "gauge", help);
  fmt::format_to(std::back_inserter(text_), "{}{} {}\n", prefix_, name, value);
}

void MetricsText::counter(std::string_view name, std::string_view help, std::uint64_t value) {
  begin(name, "counter", help);
  fmt::format_to(std::back_inserter(text_), "{}{}_total {}\n", prefix_, name, value);
}

void MetricsText::begin_counter(std::string_view name, std::string_view help) {
  begin(name, "counter", help);
}

void MetricsText::sample(std::string_view name, std::string_view label, std::string_view value,
                         std::uint64_t count) {
  fmt::format_to(std::back_inserter(text_), "{}{}_total{{{}=\"{}\"}} {}\n", prefix_, name, label, value,
                 count);
}

void MetricsText::histogram(std::string_view name, std::string_view help,
                            std::span<const std::int64_t> bounds, std::span<const std::int64_t> counts,
                            std::int64_t sum) {
  ASSERT(counts.size() == bounds.size() + 1);
  begin(name, "histogram", help);
  std::int64_t so_far = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    so_far += counts[i];
    const std::string bound = i < bounds.size() ? fmt::format("{}.0", bounds[i]) : "+Inf";
    fmt::format_to(std::back_inserter(text_), "{}{}_bucket{{le=\"{}\"}} {}\n", prefix_, name, bound, so_far);
  }
  fmt::format_to(std::back_inserter(text_), "{0}{1}_count {2}\n{0}{1}_sum {3}\n", prefix_, name, so_far, sum);
}

std::string MetricsText::finish() && {
  if (format_ == Format::open_metrics) text_ += "# EOF\n";
  return std::move(text_);
}

}  // namespace cloister
