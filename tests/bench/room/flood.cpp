#include "room/flood.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>

#include "base/assert.h"
#include "base/random.h"
#include "net/sockaddr.h"
#include "room/process.h"
#include "support/pause.h"

namespace cloister::bench {
namespace {

constexpr std::size_t kBurst = Flood::kBurst;
constexpr std::size_t kSize = Flood::kSize;
constexpr Duration kMeasured = 1s;

std::array<std::byte, kSize> datagram(Junk junk) {
  std::array<std::byte, kSize> out{};
  fill_random(out);
  out[0] = std::byte{0xff};  // RFC 7983: nobody's
  if (junk == Junk::random) return out;
  // A binding request (RFC 8489 §5) with a USERNAME of nobody's; what follows makes no matter.
  constexpr std::array<std::uint8_t, 8> kHead{0, 1, 0, kSize - 20, 0x21, 0x12, 0xa4, 0x42};
  constexpr std::array<std::uint8_t, 16> kName{0,   6,   0,   12,  'n', 'o', 'b', 'o',
                                               'd', 'y', ':', 'n', 'o', 'n', 'e', 0};
  for (std::size_t i = 0; i < kHead.size(); ++i) out[i] = std::byte{kHead[i]};
  for (std::size_t i = 0; i < kName.size(); ++i) out[20 + i] = std::byte{kName[i]};
  // The rest is one unknown, optional attribute.
  out[36] = std::byte{0x80};
  out[37] = std::byte{0x99};
  out[38] = std::byte{0};
  out[39] = std::byte{kSize - 40};
  return out;
}

// Reads and throws away until it is killed.
[[noreturn]] void swallow(int fd) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  std::array<std::array<std::byte, 2048>, kBurst> buffers;
  std::array<iovec, kBurst> pieces{};
  std::array<mmsghdr, kBurst> headers{};
  for (std::size_t i = 0; i < kBurst; ++i) {
    pieces[i] = {buffers[i].data(), buffers[i].size()};
    headers[i].msg_hdr.msg_iov = &pieces[i];
    headers[i].msg_hdr.msg_iovlen = 1;
  }
  while (recvmmsg(fd, headers.data(), kBurst, MSG_WAITFORONE, nullptr) > 0) {
  }
  _exit(0);
}

}  // namespace

Flood::Flood(const Place& place, const SocketAddress& to, int packets_per_second, Junk junk)
    : bytes_(datagram(junk)), interval_(Duration(1s) * kBurst / packets_per_second) {
  piece_ = {bytes_.data(), bytes_.size()};
  const socklen_t length = net::to_sockaddr(to, to_);
  for (mmsghdr& header : headers_) {
    header.msg_hdr.msg_name = &to_;
    header.msg_hdr.msg_namelen = length;
    header.msg_hdr.msg_iov = &piece_;
    header.msg_hdr.msg_iovlen = 1;
  }
  thread_ = std::thread([this, place] {
    move_to(place);
    // It shares its processor with the participants: a burst of it between a packet's mark and its sending
    // would look like the bridge's delay (sched(7): a batch thread preempts nobody on waking up).
    const sched_param none{};
    ASSERT(sched_setscheduler(0, SCHED_BATCH, &none) == 0);
    auto socket = net::open_udp_socket(SocketAddress::v4({0, 0, 0, 0}, 0), 65536, 4 * 1024 * 1024);
    ASSERT(socket);
    socket_ = std::move(*socket);
    next_ = SteadyClock().now();
    send_burst();
    reactor_.run();
  });
}

Flood::~Flood() {
  reactor_.stop();
  thread_.join();
}

void Flood::send_burst() {
  const int sent = sendmmsg(socket_.get(), headers_.data(), kBurst, 0);
  if (sent > 0) sent_.add(static_cast<std::uint64_t>(sent));
  next_ += interval_;
  timer_.start(std::max(next_ - SteadyClock().now(), Duration::zero()), [this] { send_burst(); });
}

double cost_of_receiving(const Place& receiver, const Place& sender, int packets_per_second, Junk junk) {
  int ready[2];
  ASSERT(pipe(ready) == 0);
  const pid_t child = fork();
  ASSERT(child >= 0);
  if (child == 0) {
    move_to(receiver);
    auto socket = net::open_udp_socket(SocketAddress::parse(receiver.ip, 0).value(), 10 * 1024 * 1024, 65536);
    ASSERT(socket);
    // A blocking socket: it waits in recvmmsg itself.
    ASSERT(fcntl(socket->get(), F_SETFL, 0) == 0);
    const std::uint16_t port = net::bound_address(socket->get()).port();
    ASSERT(write(ready[1], &port, sizeof port) == sizeof port);
    swallow(socket->get());
  }
  std::uint16_t port = 0;
  ASSERT(read(ready[0], &port, sizeof port) == sizeof port);
  close(ready[0]);
  close(ready[1]);
  double cost = 0;
  {
    const Flood flood(sender, SocketAddress::parse(receiver.ip, port).value(), packets_per_second, junk);
    support::pause(kMeasured / 4);
    const std::uint64_t cpu = use_of_process(child).cpu_ns;
    const std::uint64_t sent = flood.sent().value();
    support::pause(kMeasured);
    cost = static_cast<double>(use_of_process(child).cpu_ns - cpu) /
           static_cast<double>(std::max<std::uint64_t>(1, flood.sent().value() - sent));
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return cost;
}

}  // namespace cloister::bench
