// Who listens on this machine, as the kernel lists it (proc(5), /proc/net).
#pragma once

#include <string_view>
#include <vector>

#include "base/socket_address.h"

namespace cloister::cli::doctor {

enum class Transport : std::uint8_t { tcp, udp };

// Of the text of /proc/net/{tcp,tcp6,udp,udp6}: sockets that listen (TCP), or that are bound and not
// connected (UDP). Lines of another form are left out.
std::vector<SocketAddress> parse_listeners(std::string_view table, Transport transport);
// Of this machine, IPv4 and IPv6.
std::vector<SocketAddress> listeners(Transport transport);

}  // namespace cloister::cli::doctor
