#include "gate/app/guard_socket.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/log.h"
#include "firewall/protocol/request.h"

namespace cloister::gate::app {
namespace {

bool send_record(const std::string& path, Bytes record) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) return false;
  path.copy(address.sun_path, path.size());
  const int guard = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (guard < 0) return false;
  const bool sent =
      connect(guard, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      send(guard, record.data(), record.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(record.size());
  close(guard);  // what was sent stays readable for the guard
  return sent;
}

}  // namespace

void GuardSocket::ban(const SocketAddress& source, Duration length) {
  using namespace firewall::protocol;
  std::vector<std::byte> record = write_request({.kind = Kind::ban,
                                                 .time = std::chrono::ceil<std::chrono::seconds>(length),
                                                 .addresses = {Personal(source.with_port(0))}});
  if (!send_record(path_, record)) log::warning("the firewall guard could not be asked for a ban");
  wipe(record.data(), record.size());
}

}  // namespace cloister::gate::app
