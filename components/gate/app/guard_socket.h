// Ban requests to the firewall guard (firewall/protocol/request.h), a connection each. Nobody waits for its
// answer: a sign-in is refused whether or not the guard is there.
#pragma once

#include <string>

#include "gate/sign_in/ban_requests.h"

namespace cloister::gate::app {

class GuardSocket final : public sign_in::BanRequests {
public:
  explicit GuardSocket(std::string path) : path_(std::move(path)) {}
  void ban(const SocketAddress& source, Duration length) override;

private:
  const std::string path_;
};

// Where there is no guard.
struct NobodyBans final : sign_in::BanRequests {
  void ban(const SocketAddress&, Duration) override {}
};

}  // namespace cloister::gate::app
