// Lets time pass where time is what is measured. A test waits for conditions instead: run_until.h.
#pragma once

#include "net/reactor.h"
#include "net/timer.h"

namespace cloister::support {

inline void pause(Duration duration) {
  net::Reactor reactor;
  net::Timer timer(reactor);
  timer.start(duration, [&reactor] { reactor.stop(); });
  reactor.run();
}

}  // namespace cloister::support
