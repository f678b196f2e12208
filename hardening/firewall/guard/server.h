// The guard's socket: one request and one answer per connection, from users that the guard knows. Whoever
// else connects is not heard, whoever says nothing is shown out. One thread.
#pragma once

#include <poll.h>

#include <memory>
#include <string>
#include <vector>

#include "firewall/guard/guard.h"

namespace cloister::firewall::guard {

class Server {
public:
  // Takes the place of a socket that a dead guard left there.
  static Result<std::unique_ptr<Server>, SystemError> listen(const std::string& path, Guard& guard,
                                                             const Clock& clock);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // What to wait for, appended.
  void wait_for(std::vector<pollfd>& into) const;
  // What of it has come; all others are not this server's.
  void on_ready(const std::vector<pollfd>& ready);
  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup();

private:
  struct Connection {
    int fd;
    std::uint32_t user;
    TimePoint until;
  };
  Server(int fd, Guard& guard, const Clock& clock);
  void accept_all();
  bool has_room_for(std::uint32_t user) const;
  void answer(const Connection& connection);

  int fd_;
  Guard& guard_;
  const Clock& clock_;
  std::vector<Connection> connections_;
  std::vector<std::byte> buffer_;
};

}  // namespace cloister::firewall::guard
