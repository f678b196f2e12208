#include "firewall/guard/server.h"

#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace cloister::firewall::guard {
namespace {

constexpr std::ptrdiff_t kMostPerUser = 4;  // so that a service gone mad does not shut the operator out
constexpr std::size_t kMostConnections = 64;
constexpr Duration kPatience = 2s;

tl::unexpected<SystemError> failed(const char* doing) {
  return fail(SystemError{std::error_code(errno, std::system_category()), doing});
}

// Who is at the other end, as the kernel noted when it connected; nothing when that cannot be known.
std::optional<std::uint32_t> user_of(int fd) {
  ucred who{};
  socklen_t size = sizeof who;
  if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &size) != 0) return std::nullopt;
  return who.uid;
}

bool is_ready(const std::vector<pollfd>& ready, int fd) {
  const auto found = std::ranges::find(ready, fd, &pollfd::fd);
  return found != ready.end() && found->revents != 0;
}

}  // namespace

Server::Server(int fd, Guard& guard, const Clock& clock)
    : fd_(fd), guard_(guard), clock_(clock), buffer_(protocol::kLongestRequest) {}

Server::~Server() {
  for (const Connection& connection : connections_) close(connection.fd);
  close(fd_);
}

Result<std::unique_ptr<Server>, SystemError> Server::listen(const std::string& path, Guard& guard,
                                                            const Clock& clock) {
  sockaddr_un own{};
  own.sun_family = AF_UNIX;
  errno = ENAMETOOLONG;
  if (path.size() >= sizeof own.sun_path) return failed("listening on the guard's socket");
  path.copy(own.sun_path, path.size());
  const int fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return failed("opening the guard's socket");
  std::unique_ptr<Server> server(new Server(fd, guard, clock));
  unlink(path.c_str());
  // Everybody may connect: the guard asks the kernel who it is.
  if (bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0 || chmod(path.c_str(), 0666) != 0 ||
      ::listen(fd, SOMAXCONN) != 0)
    return failed("listening on the guard's socket");
  return server;
}

void Server::wait_for(std::vector<pollfd>& into) const {
  into.push_back({fd_, POLLIN, 0});
  for (const Connection& connection : connections_) into.push_back({connection.fd, POLLIN, 0});
}

void Server::on_ready(const std::vector<pollfd>& ready) {
  std::erase_if(connections_, [&](const Connection& connection) {
    if (!is_ready(ready, connection.fd)) return false;
    answer(connection);
    close(connection.fd);
    return true;
  });
  if (is_ready(ready, fd_)) accept_all();
}

void Server::accept_all() {
  for (;;) {
    const int fd = accept4(fd_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd < 0) return;
    const auto user = user_of(fd);
    if (user && guard_.knows(*user) && has_room_for(*user)) {
      connections_.push_back({fd, *user, clock_.now() + kPatience});
    } else {
      close(fd);
    }
  }
}

bool Server::has_room_for(std::uint32_t user) const {
  return connections_.size() < kMostConnections &&
         std::ranges::count(connections_, user, &Connection::user) < kMostPerUser;
}

void Server::answer(const Connection& connection) {
  const ssize_t size = recv(connection.fd, buffer_.data(), buffer_.size(), MSG_DONTWAIT | MSG_TRUNC);
  if (size <= 0) return;
  protocol::Answer answer{.outcome = protocol::Outcome::not_understood, .status = {}, .text = {}};
  if (static_cast<std::size_t>(size) <= buffer_.size()) {
    const auto request = protocol::parse_request(Bytes(buffer_).first(static_cast<std::size_t>(size)));
    if (request) answer = guard_.on_request(*request, connection.user);
  }
  wipe(buffer_.data(), buffer_.size());
  const std::vector<std::byte> record = protocol::write_answer(answer);
  send(connection.fd, record.data(), record.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
}

std::optional<TimePoint> Server::next_wakeup() const {
  std::optional<TimePoint> next;
  for (const Connection& connection : connections_) next = earlier(next, connection.until);
  return next;
}

void Server::on_wakeup() {
  const TimePoint now = clock_.now();
  std::erase_if(connections_, [now](const Connection& connection) {
    if (connection.until > now) return false;
    close(connection.fd);
    return true;
  });
}

}  // namespace cloister::firewall::guard
