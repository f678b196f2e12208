// What probes have shown: a cluster of packets leaves faster than the estimate; how fast did it arrive?
#pragma once

#include <cstdint>
#include <optional>

#include "videobridge/bandwidth/estimation/outcome.h"

namespace cloister::videobridge::bandwidth::estimation {

// One cluster at a time.
class ProbeResults {
public:
  // Everything sent from now on, media too, is part of the cluster, until end().
  void begin(std::uint16_t next_sequence) { *this = ProbeResults(next_sequence); }
  // `next_sequence` is no longer part of it.
  void end(std::uint16_t next_sequence) { end_ = next_sequence; }
  bool is_open() const { return is_begun_; }

  void on_packet(const Outcome& packet);
  // After each report: the rate that the path has carried, once enough of the cluster has arrived. Then the
  // cluster is over.
  std::optional<std::int64_t> take();
  void give_up() { is_begun_ = false; }

private:
  explicit ProbeResults(std::uint16_t first) : is_begun_(true), first_(first) {}
  bool covers(std::uint16_t sequence) const;
  std::optional<std::int64_t> measure() const;

  bool is_begun_ = false;
  std::uint16_t first_ = 0;
  std::optional<std::uint16_t> end_;
  int packets_ = 0;
  std::int64_t bytes_ = 0;
  std::int64_t first_bytes_ = 0;  // of the one that arrived first
  TimePoint first_sent_;
  TimePoint last_sent_;
  Duration first_arrival_{};
  Duration last_arrival_{};

public:
  ProbeResults() = default;
};

}  // namespace cloister::videobridge::bandwidth::estimation
