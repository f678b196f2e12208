// What the bridge says of itself: anonymous totals of all shards, in the names of bridge.md §1.2 (brewery
// presence, /colibri/stats) and as metrics (/metrics). Main thread; rates are worked out once per interval.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/metrics_text.h"
#include "videobridge/shard/shard.h"
#include "videobridge/signalling/lifecycle.h"

namespace cloister::videobridge::signalling {

// What is not counted by a shard.
struct BridgeState {
  std::string region{};    // empty: none
  std::string relay_id{};  // empty: it takes part in no conference of several bridges
  Phase phase = Phase::running;
  bool drain = false;
  bool healthy = true;
  bool online = false;          // with the XMPP server
  bool inside_brewery = false;  // and in its room
  std::uint64_t xmpp_disconnects = 0;
  double stress = 0;  // 1: the busiest shard has as much to do as it can
};

class Statistics {
public:
  // The counters of each shard; they outlive this.
  explicit Statistics(std::vector<const shard::ShardCounters*> shards);

  // Takes a new look at what happened since the last one; call it every few seconds.
  void refresh(TimePoint now, std::chrono::system_clock::time_point time_of_day);

  // Values as text, as the brewery's presence wants them.
  std::map<std::string, std::string> presence(const BridgeState& state) const;
  // One JSON object with numbers, booleans and texts.
  std::string json(const BridgeState& state) const;
  std::string metrics(MetricsText::Format format, const BridgeState& state) const;

  std::int64_t participants() const;
  std::int64_t conferences() const;

private:
  // Since the last look but one.
  struct Rates {
    double bits_in = 0, bits_out = 0, packets_in = 0, packets_out = 0;  // per second
    double loss_in = 0, loss_out = 0, loss = 0;                         // fractions
  };
  // Of what rates are made of.
  struct Totals {
    std::uint64_t bytes_in = 0, bytes_out = 0, packets_in = 0, packets_out = 0;
    std::uint64_t expected_in = 0, lost_in = 0, reported_out = 0, lost_out = 0;
  };
  Totals totals() const;
  std::int64_t sum(std::int64_t (*of)(const conference::Counters&)) const;
  std::int64_t largest_conference() const;
  double round_trip_ms() const;
  std::map<std::string, std::int64_t> numbers() const;
  std::map<std::string, double> fractions(const BridgeState& state) const;
  std::map<std::string, bool> flags(const BridgeState& state) const;
  std::map<std::string, std::string> texts(const BridgeState& state) const;
  std::map<std::string, std::uint64_t> drops() const;
  void write_state(MetricsText& out, const BridgeState& state) const;
  void write_sizes(MetricsText& out) const;

  std::vector<const shard::ShardCounters*> shards_;
  std::optional<TimePoint> refreshed_;
  std::string time_of_day_;
  Totals last_;
  Rates rates_;
};

}  // namespace cloister::videobridge::signalling
