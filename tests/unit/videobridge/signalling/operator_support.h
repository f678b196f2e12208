// Two shards' counters without shards, and a bridge that notes what it is asked to do.
#pragma once

#include <string>
#include <vector>

#include "videobridge/signalling/operator_api.h"
#include "videobridge/signalling/statistics.h"

namespace cloister::videobridge::signalling {

struct FakeBridge final : OperatorApi::Port {
  BridgeState state() const override { return now; }
  void drain(bool on) override { now.drain = on; }
  bool may_shut_down() const override { return shutdown_allowed; }
  void shut_down(Shutdown how) override { shutdowns.push_back(how); }

  BridgeState now{.region = "here", .online = true, .inside_brewery = true, .stress = 0.25};
  bool shutdown_allowed = false;
  std::vector<Shutdown> shutdowns;
};

struct TwoShards {
  shard::ShardCounters first, second;
  Statistics statistics{
      {&first, &second}
  };
};

}  // namespace cloister::videobridge::signalling
