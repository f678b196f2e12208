// One question to the packet filter and all that comes back.
#pragma once

#include <functional>
#include <string>

#include "firewall/nft/answer.h"
#include "firewall/nft/netlink_socket.h"

namespace cloister::firewall::nft {

struct Query {
  std::uint16_t type;  // NFT_MSG_GET…
  enum class Scope : std::uint8_t { one, all } scope;
  std::uint16_t table = 0;  // the attribute that names our table; 0: none does
  std::uint16_t set = 0;    // the attribute that names a set
  std::string set_name;
  std::uint8_t family = 1;  // NFPROTO_INET
};

// Calls `each` for every message of the answer, with its attributes. ENOENT when there is no such thing,
// EINTR when the rules changed while they were listed.
Result<void, SystemError> ask(NetlinkSocket& socket, const Query& query,
                              const std::function<void(Bytes)>& each);

}  // namespace cloister::firewall::nft
