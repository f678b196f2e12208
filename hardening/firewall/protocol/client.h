// Asks the guard one thing and waits for its answer. For the command line, and for services that ban.
#pragma once

#include "firewall/protocol/request.h"

namespace cloister::firewall::protocol {

// ENOENT or ECONNREFUSED when no guard runs, EPROTO when what came back is no answer, ECONNRESET when it does
// not know this user.
Result<Answer, SystemError> ask(const std::string& socket, const Request& request);

}  // namespace cloister::firewall::protocol
