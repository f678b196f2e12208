// Whose meetings these are; part of focus.yaml (section `hosts`).
#pragma once

#include "base/clock.h"

namespace cloister::focus::rights {

// Who of the people with an account is host of a meeting that runs.
enum class Moderate : std::uint8_t {
  opener,  // who opened it, on whatever device; others with an account are participants
  all,     // everybody with an account
};

// What becomes of a meeting whose last host, and last co-host, has left.
enum class WhenGone : std::uint8_t { stay, end };

struct HostSettings {
  // Only hosts start meetings, and nobody else becomes moderator. False: anybody starts one, and the first
  // participant moderates; for trying things out.
  bool required = true;
  Moderate moderate = Moderate::opener;
  WhenGone when_gone = WhenGone::end;
  Duration end_grace = 5min;    // for a host to come back, with WhenGone::end
  Duration session_life = 24h;  // how long a browser stays a host without being seen
};

}  // namespace cloister::focus::rights
