// What the bridge says of itself: anonymous totals of all shards, in the names of bridge.md §1.2 (brewery
// presence, /colibri/stats) and as Prometheus text (/metrics). Main thread; computed once per interval.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/clock.h"
#include "videobridge/shard/shard.h"

namespace cloister::videobridge::signalling {

// What decides whether a focus chooses this bridge.
struct BridgeState {
  std::string region;
  bool drain = false;
  bool graceful_shutdown = false;
  bool shutting_down = false;
  bool healthy = true;
};

class Statistics {
public:
  // `shards` outlive this.
  explicit Statistics(std::vector<const shard::Shard*> shards);

  // Takes a new look at counters and at the process' CPU time; call it every few seconds.
  void refresh(TimePoint now);

  // Values as text, as the brewery's presence wants them.
  std::map<std::string, std::string> presence(const BridgeState& state) const;
  // One JSON object with numbers and booleans.
  std::string json(const BridgeState& state) const;
  // Prometheus text format 0.0.4.
  std::string prometheus(const BridgeState& state) const;

  // CPU time over the time of all shard threads together; 1 = full.
  double stress() const { return stress_; }

private:
  struct Rates {
    double bits_in = 0, bits_out = 0, packets_in = 0, packets_out = 0;  // per second
  };
  struct Totals;
  Totals totals() const;
  std::map<std::string, std::int64_t> numbers() const;
  std::map<std::string, std::uint64_t> drops() const;

  std::vector<const shard::Shard*> shards_;
  std::optional<TimePoint> refreshed_;
  std::uint64_t cpu_time_ = 0;  // ns
  double stress_ = 0;
  Rates rates_;
  std::uint64_t bytes_in_ = 0, bytes_out_ = 0, packets_in_ = 0, packets_out_ = 0;
};

}  // namespace cloister::videobridge::signalling
