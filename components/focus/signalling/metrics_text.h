// The totals of this process as Prometheus text (protocol/focus.md §9.3, the familiar names). Names nobody.
#pragma once

#include <string>

#include "focus/bridges/bridge_list.h"
#include "focus/room/counters.h"

namespace cloister::focus::signalling {

std::string metrics_text(const room::Counters& counters, const bridges::BridgeList& bridges, bool healthy);

}  // namespace cloister::focus::signalling
