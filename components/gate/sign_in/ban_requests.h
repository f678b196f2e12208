// Asks whoever keeps the firewall to shut an address out for a while. The gate itself may not touch it.
#pragma once

#include "base/clock.h"
#include "base/socket_address.h"

namespace cloister::gate::sign_in {

struct BanRequests {
  virtual ~BanRequests() = default;
  virtual void ban(const SocketAddress& source, Duration length) = 0;
};

}  // namespace cloister::gate::sign_in
