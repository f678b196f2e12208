// The web server of this machine, met as any browser would: over TLS, on loopback.
#pragma once

#include <cstdint>
#include <string>

#include "audit/probes/system/doors.h"

namespace cloister::audit::probes {

// Which versions and suites it accepts, by a handshake for each; and what it answers to "GET /" for that
// name. A few seconds at most.
Result<WebServer, SystemError> look_at_web_server(const std::string& host, std::uint16_t port);

}  // namespace cloister::audit::probes
