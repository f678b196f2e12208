// `cloister-bridge --doctor`: says to people which addresses participants will be told and why, which not and
// why not, and whether the ports are free. Speaks of this machine only, never of a participant.
#pragma once

#include <optional>
#include <string>
#include <system_error>
#include <vector>

#include "net/local_addresses.h"
#include "videobridge/app/settings.h"

namespace cloister::videobridge::app {

// What was found on the machine.
struct Findings {
  struct PortTrial {
    SocketAddress address;  // with the port that was tried
    std::error_code error;  // none: it can be bound
  };
  std::vector<net::LocalAddress> local;
  std::size_t shards = 1;
  std::vector<PortTrial> ports;
};

// Looks at the machine: lists its addresses, binds each port for a moment.
Findings examine(const MediaSettings& media);

struct Diagnosis {
  std::vector<std::string> lines;
  bool healthy = true;  // nothing found that keeps the bridge from serving anybody; advice does not count
};

Diagnosis diagnose(const MediaSettings& media, const Findings& findings);

}  // namespace cloister::videobridge::app
