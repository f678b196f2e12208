// What probes have shown: a cluster of packets leaves faster than the estimate; how fast did it arrive?
#pragma once

#include <cstdint>
#include <optional>

#include "videobridge/bandwidth/estimation/outcome.h"

namespace cloister::videobridge::bandwidth::estimation {

struct ProbeResult {
  std::int64_t rate = 0;  // that the path has carried, bit/s
  bool full = false;      // it carries no more
};

// One cluster at a time.
class ProbeResults {
public:
  ProbeResults() = default;
  // Everything sent from now on, media too, is part of the cluster, until end(). What was sent before
  // `counts` only loads the line: the depth of a token bucket, which would pass a short cluster at any rate.
  void begin(std::uint16_t next_sequence, TimePoint counts = {}) {
    *this = ProbeResults(next_sequence, counts);
  }
  // `next_sequence` is no longer part of it.
  void end(std::uint16_t next_sequence) { end_ = next_sequence; }
  bool is_open() const { return is_begun_; }

  void on_packet(const Outcome& packet);
  // After each report: what it has shown, once enough of the cluster has arrived. Then it is over.
  std::optional<ProbeResult> take();

private:
  ProbeResults(std::uint16_t first, TimePoint counts) : is_begun_(true), first_(first), counts_(counts) {}
  bool covers(std::uint16_t sequence) const;
  std::optional<ProbeResult> measure() const;
  std::int64_t slope() const;

  bool is_begun_ = false;
  std::uint16_t first_ = 0;
  TimePoint counts_;
  std::optional<std::uint16_t> end_;
  int arrivals_ = 0;
  // Of those that count.
  int packets_ = 0;
  std::int64_t bytes_ = 0;
  TimePoint first_sent_;
  TimePoint last_sent_;
  Duration first_arrival_{};
  Duration last_arrival_{};
  // For the line through the bytes that had arrived by each packet, over its arrival in ms since the first.
  double at_ = 0, at_squared_ = 0, arrived_ = 0, product_ = 0;
};

}  // namespace cloister::videobridge::bandwidth::estimation
