#include "firewall/protocol/client.h"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>

namespace cloister::firewall::protocol {
namespace {

constexpr timeval kPatience{.tv_sec = 10, .tv_usec = 0};

class Connection {
public:
  explicit Connection(int flags = 0) : fd_(socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0)) {}
  ~Connection() {
    if (fd_ >= 0) close(fd_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  bool connect_to(const std::string& path) const {
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    if (path.size() >= sizeof to.sun_path) {
      errno = ENAMETOOLONG;
      return false;
    }
    path.copy(to.sun_path, path.size());
    setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    return fd_ >= 0 && connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
  }
  bool send_record(Bytes record) const {
    return send(fd_, record.data(), record.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(record.size());
  }
  ssize_t receive_record(MutableBytes into) const { return recv(fd_, into.data(), into.size(), 0); }

private:
  int fd_;
};

tl::unexpected<SystemError> failed(const char* doing) {
  return fail(SystemError{std::error_code(errno, std::system_category()), doing});
}

}  // namespace

Result<Answer, SystemError> ask(const std::string& socket, const Request& request) {
  const Connection guard;
  if (!guard.connect_to(socket)) return failed("connecting to the guard");
  std::vector<std::byte> record = write_request(request);
  const bool sent = guard.send_record(record);
  wipe(record.data(), record.size());
  if (!sent) return failed("asking the guard");
  std::vector<std::byte> buffer(kLongestAnswer);
  const ssize_t size = guard.receive_record(buffer);
  if (size == 0) errno = ECONNRESET;
  if (size <= 0) return failed("waiting for the guard");
  auto answer = parse_answer(Bytes(buffer).first(static_cast<std::size_t>(size)));
  errno = EPROTO;
  if (!answer) return failed("reading the guard's answer");
  return std::move(*answer);
}

bool tell(const std::string& socket, const Request& request) {
  const Connection guard(SOCK_NONBLOCK);
  if (!guard.connect_to(socket)) return false;
  std::vector<std::byte> record = write_request(request);
  const bool sent = guard.send_record(record);  // what was sent stays readable for the guard
  wipe(record.data(), record.size());
  return sent;
}

}  // namespace cloister::firewall::protocol
