// One run: all join, are measured, and leave.
#pragma once

#include <string>
#include <vector>

#include "load/options.h"
#include "load/participant.h"

namespace cloister::load {

struct Outcome {
  struct One {
    int number = 0;
    Participant::State state{};
    bool talks = false;
    bool sends_video = false;
    Duration time_to_join{};
    Received received{};
    std::vector<std::string> errors{};

    // All that was there to be received came.
    bool complete() const;
  };
  std::vector<One> participants;  // by number
  double seconds = 0;             // measured
  Duration all_in{};              // from the first one's beginning until the last one was in the call
  double own_cpu = 0;             // processors that this program used meanwhile
  double machine_cpu = 0;         // 0…1 of all processors of the machine, everything that ran

  bool good() const;
};

// What went wrong before anybody joined, as a sentence; else the plan.
Result<Plan, std::string> make_plan(const Options& options);
Outcome run(const Options& options, const Plan& plan);

}  // namespace cloister::load
