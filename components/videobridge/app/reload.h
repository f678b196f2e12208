// Which settings a running bridge cannot take over.
#pragma once

#include <string>
#include <vector>

#include "videobridge/app/settings.h"

namespace cloister::videobridge::app {

// Names of the keys that are others in `fresh` and have their effect only at the start.
std::vector<std::string> waiting_for_restart(const Settings& running, const Settings& fresh);
// `fresh`, but with those keys as they are in `running`.
Settings taken_over(const Settings& running, Settings fresh);

}  // namespace cloister::videobridge::app
