#include "firewall/nft/netlink_socket.h"

#include <linux/netlink.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "base/personal.h"

namespace cloister::firewall::nft {
namespace {

// What the kernel puts into one answer to a dump is at most 32 KiB (netlink_dump); a rejected batch returns
// the heads of its messages only (NETLINK_CAP_ACK).
constexpr std::size_t kBufferSize = 64 * 1024;
constexpr int kSendBuffer = 4 * 1024 * 1024;  // the largest batch: 10,000 bans, renewed

tl::unexpected<SystemError> failed(const char* doing) {
  return fail(SystemError{std::error_code(errno, std::system_category()), doing});
}

}  // namespace

NetlinkSocket::NetlinkSocket(int fd) : fd_(fd), buffer_(kBufferSize) {}
NetlinkSocket::NetlinkSocket(NetlinkSocket&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)), buffer_(std::move(other.buffer_)) {}
NetlinkSocket::~NetlinkSocket() {
  if (fd_ >= 0) close(fd_);
}

Result<NetlinkSocket, SystemError> NetlinkSocket::open(std::uint32_t groups) {
  const int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER);
  if (fd < 0) return failed("opening a socket to the packet filter");
  NetlinkSocket out(fd);
  const int yes = 1;
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &yes, sizeof yes);
  // needs CAP_NET_ADMIN, as all that follows does
  setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &kSendBuffer, sizeof kSendBuffer);
  sockaddr_nl own{};
  own.nl_family = AF_NETLINK;
  own.nl_groups = groups;
  if (bind(fd, reinterpret_cast<const sockaddr*>(&own), sizeof own) != 0)
    return failed("binding a socket to the packet filter");
  return out;
}

Result<void, SystemError> NetlinkSocket::send(Bytes request) {
  sockaddr_nl kernel{};
  kernel.nl_family = AF_NETLINK;
  const ssize_t sent = sendto(fd_, request.data(), request.size(), 0,
                              reinterpret_cast<const sockaddr*>(&kernel), sizeof kernel);
  if (sent != static_cast<ssize_t>(request.size())) return failed("sending to the packet filter");
  return {};
}

Result<Bytes, SystemError> NetlinkSocket::receive(Wait wait) {
  for (;;) {
    sockaddr_nl from{};
    iovec into{buffer_.data(), buffer_.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &into;
    message.msg_iovlen = 1;
    const ssize_t size = recvmsg(fd_, &message, wait == Wait::no ? MSG_DONTWAIT : 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0 && errno == EAGAIN) return Bytes{};
    if (size < 0) return failed("hearing from the packet filter");
    if (from.nl_pid != 0) continue;  // any process may write to us
    if (message.msg_flags & MSG_TRUNC) {
      errno = EMSGSIZE;
      return failed("hearing from the packet filter");
    }
    return Bytes(buffer_).first(static_cast<std::size_t>(size));
  }
}

void NetlinkSocket::forget() { wipe(buffer_.data(), buffer_.size()); }

}  // namespace cloister::firewall::nft
