// A clock that stands still until the test moves it.
#pragma once

#include "base/clock.h"

namespace cloister::support {

struct FakeClock final : Clock {
  TimePoint now() const override { return time; }
  void advance(Duration by) { time += by; }

  TimePoint time{1000s};  // not zero: "never" must differ from "at the start"
};

}  // namespace cloister::support
