// What the name servers say, past /etc/hosts: what others are told, not what this machine believes.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "base/socket_address.h"

namespace cloister::cli::doctor {

// A or AAAA records, port 0; empty when the name has none. An address is its own answer, and "localhost" is
// asked of nobody. A sentence when no name server answers.
Result<std::vector<SocketAddress>, std::string> look_up(const std::string& name, IpFamily family);

// The addresses in an answer of DNS (RFC 1035 §4); empty for what is none.
std::vector<SocketAddress> addresses_in(Bytes answer, IpFamily family);

}  // namespace cloister::cli::doctor
