// The focus's figures for an operator: anonymous totals and present numbers, under the names that dashboards
// know (protocol/focus.md §9).
#pragma once

#include <string>
#include <vector>

#include "focus/bridges/bridge_list.h"
#include "focus/room/counters.h"

namespace cloister::focus::signalling {

struct Figures {
  const room::Counters& counters;
  const bridges::BridgeList& bridges;
  std::vector<std::size_t> sizes{};  // members of each conference
  bool healthy = false;
};

// Prometheus' text format.
std::string metrics_text(const Figures& figures);
// /stats
std::string stats_json(const Figures& figures);

}  // namespace cloister::focus::signalling
