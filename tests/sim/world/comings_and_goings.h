// Participants who come, talk a little, and leave or vanish, in several rooms, as the sim's seed has it: what
// a bridge sees in an hour, for tests of what it keeps of it.
#pragma once

#include <deque>

#include "world/sim.h"

namespace cloister::sim {

class ComingsAndGoings {
public:
  explicit ComingsAndGoings(Sim& sim) : sim_(sim) {}

  // Somebody does something every three seconds.
  void run_for(Duration duration);
  // Everybody leaves, and time passes until also those who vanished are forgotten.
  void empty();
  // What the bridge holds though nobody is there; empty when nothing.
  std::string leftovers() const;
  std::size_t visits() const { return visits_; }

private:
  void do_something();
  void come();
  void go(std::size_t index);
  std::size_t pick(std::size_t below);

  Sim& sim_;
  std::deque<Participant*> present_;
  std::size_t visits_ = 0;
};

}  // namespace cloister::sim
