// Tells the service manager that a reactor still goes round, as often as the manager wants to hear of it.
// Without a manager nothing happens. Reactor thread only.
#pragma once

#include "base/service_manager.h"
#include "net/timer.h"

namespace cloister::net {

class Heartbeat {
public:
  Heartbeat(Reactor& reactor, ServiceManager& manager) : manager_(manager), timer_(reactor) { beat(); }

private:
  void beat() {
    if (!manager_.watchdog()) return;
    manager_.alive();
    timer_.start(*manager_.watchdog() / 3, [this] { beat(); });
  }

  ServiceManager& manager_;
  Timer timer_;
};

}  // namespace cloister::net
