// The measured part of a run.
#pragma once

#include <vector>

#include "forward/load.h"
#include "forward/runs.h"

namespace cloister::bench {

// Waits until all `receivers` are served and things have settled, then looks at thread `forwarder` for a
// while. An empty outcome when they are not all served within 20 s.
Outcome measure(const Duration& measured, const std::string& forwarder,
                const std::vector<LoadParticipant*>& senders, const std::vector<LoadParticipant*>& receivers);

}  // namespace cloister::bench
