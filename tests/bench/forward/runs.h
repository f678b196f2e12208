// One run of a scene: set up, wait until every receiver is served, measure, take down.
#pragma once

#include "base/socket_address.h"
#include "forward/place.h"
#include "forward/scene.h"

namespace cloister::bench {

struct Places {
  Place bridge;
  Place load;
  Duration measured = 2s;
};

Outcome run_floor(const Scene& scene, const Places& places);
Outcome run_bridge(const Scene& scene, const Places& places);

// A Janus that runs: its video room forwards.
struct JanusPlace {
  SocketAddress address;  // of its HTTP interface, from the load's place
  pid_t process = 0;
};
Outcome run_janus(const Scene& scene, const Places& places, const JanusPlace& janus);

}  // namespace cloister::bench
