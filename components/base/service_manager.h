// What the service manager (systemd) is told of this process: sd_notify(3), by the socket that NOTIFY_SOCKET
// names. A manager that does not read misses the word; nobody waits for it. Without a manager nothing
// happens. Main thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"

namespace cloister {

class ServiceManager {
public:
  // Reads NOTIFY_SOCKET and WATCHDOG_USEC (for this process: WATCHDOG_PID).
  ServiceManager();
  ~ServiceManager();
  ServiceManager(const ServiceManager&) = delete;
  ServiceManager& operator=(const ServiceManager&) = delete;

  void ready() { tell("READY=1"); }
  void reloading(TimePoint now);
  void stopping() { tell("STOPPING=1"); }
  void alive() { tell("WATCHDOG=1"); }
  // One line without anybody's name.
  void status(const std::string& line) { tell("STATUS=" + line); }

  // How often alive() has to come at least; absent: nobody watches.
  std::optional<Duration> watchdog() const { return watchdog_; }

private:
  void tell(std::string_view message) const;

  std::string address_;  // of the socket; a leading NUL for an abstract one
  int socket_ = -1;
  std::optional<Duration> watchdog_;
};

}  // namespace cloister
