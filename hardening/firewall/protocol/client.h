// Asks the guard one thing: for the command line, which waits for its answer, and for services that ban,
// which do not.
#pragma once

#include "firewall/protocol/request.h"

namespace cloister::firewall::protocol {

// ENOENT or ECONNREFUSED when no guard runs, EPROTO when what came back is no answer, ECONNRESET when it does
// not know this user.
Result<Answer, SystemError> ask(const std::string& socket, const Request& request);

// Does not wait, neither to be heard nor for an answer. False: it could not be said.
bool tell(const std::string& socket, const Request& request);

}  // namespace cloister::firewall::protocol
