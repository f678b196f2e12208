// One run of a scene: set up, wait until every receiver is served, measure, take down.
#pragma once

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

}  // namespace cloister::bench
