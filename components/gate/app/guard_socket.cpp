#include "gate/app/guard_socket.h"

#include "base/log.h"
#include "firewall/protocol/client.h"

namespace cloister::gate::app {

void GuardSocket::ban(const SocketAddress& source, Duration length) {
  using namespace firewall::protocol;
  const Request request{.kind = Kind::ban,
                        .time = std::chrono::ceil<std::chrono::seconds>(length),
                        .addresses = {Personal(source.with_port(0))}};
  if (!tell(path_, request)) log::warning("the firewall guard could not be asked for a ban");
}

}  // namespace cloister::gate::app
