// Hears when the rules of this network namespace change, whoever changes them. What changed is not heard, and
// no address with it: a filter in the kernel lets only the news of a new generation pass.
#pragma once

#include "firewall/nft/netlink_socket.h"

namespace cloister::firewall::nft {

class Watch {
public:
  static Result<Watch, SystemError> make();

  int fd() const { return socket_.fd(); }  // readable when there is news
  // True when anything changed since the last call; also when news was lost.
  bool changed();

private:
  explicit Watch(NetlinkSocket socket) : socket_(std::move(socket)) {}

  NetlinkSocket socket_;
};

}  // namespace cloister::firewall::nft
