// Runs a reactor until something is true. For tests with real timers and sockets.
#pragma once

#include <functional>

#include "net/reactor.h"
#include "net/timer.h"

namespace cloister::support {

// False when it did not become true in time.
inline bool run_until(net::Reactor& reactor, const std::function<bool()>& done, Duration limit = 10s) {
  const SteadyClock clock;
  const TimePoint end = clock.now() + limit;
  net::Timer tick(reactor);
  std::function<void()> look = [&] {
    if (done() || clock.now() > end) return reactor.stop();
    tick.start(1ms, look);
  };
  tick.start(0ms, look);
  reactor.run();
  return done();
}

}  // namespace cloister::support
