// Every total of a shard that operators may read: under which name in presence and /colibri/stats, under
// which in /metrics (protocol/bridge.md §1.2, §1.4), and where it comes from.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "videobridge/conference/environment/counters.h"

namespace cloister::videobridge::signalling {

enum class StatKind : std::uint8_t { gauge, counter };

struct Stat {
  std::string_view key;     // empty: only a metric
  std::string_view metric;  // without prefix; empty: only a key
  StatKind kind = StatKind::gauge;
  std::string_view help{};
  std::int64_t (*of)(const conference::Counters& shard) = nullptr;  // shards add up
};
std::span<const Stat> stat_table();

// Keys that operators' tools expect, of things that this bridge does not do: always 0.
std::span<const std::string_view> keys_without_meaning();

}  // namespace cloister::videobridge::signalling
