// The measured part of a run.
#pragma once

#include <functional>
#include <vector>

#include "forward/load.h"
#include "forward/runs.h"

namespace cloister::bench {

// What the forwarder has used up to now.
using UseReader = std::function<ThreadUse()>;
// Of the thread of this process that has this name by the time of the first look.
UseReader thread_named(const std::string& name);

// Waits until all `receivers` are served and things have settled, then looks at the forwarder for a while. An
// empty outcome when they are not all served within 20 s.
Outcome measure(Load& load, const Duration& measured, const UseReader& forwarder,
                const std::vector<LoadParticipant*>& senders, const std::vector<LoadParticipant*>& receivers);

}  // namespace cloister::bench
