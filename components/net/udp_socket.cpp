#include "net/udp_socket.h"

#include <netinet/udp.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "net/sockaddr.h"

namespace cloister::net {
namespace {

// Of the datagram's coming, by the wall clock: the kernel has no other for it.
Duration wall_time(msghdr& header) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec time{};
    std::memcpy(&time, CMSG_DATA(part), sizeof time);
    return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
  }
  return std::chrono::system_clock::now().time_since_epoch();
}

SystemError last_error(const char* doing) { return {std::error_code(errno, std::system_category()), doing}; }

void set_option(int fd, int level, int option, int value) {
  setsockopt(fd, level, option, &value, sizeof value);
}

// As large as allowed: the forced form needs CAP_NET_ADMIN, the other is cut to the kernel's maximum.
void set_buffer(int fd, int forced, int option, int bytes) {
  if (setsockopt(fd, SOL_SOCKET, forced, &bytes, sizeof bytes) != 0)
    set_option(fd, SOL_SOCKET, option, bytes);
}

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) close(fd_);
}

Result<FileDescriptor, SystemError> open_udp_socket(const SocketAddress& address, int receive_buffer,
                                                    int send_buffer) {
  sockaddr_storage name{};
  const socklen_t length = to_sockaddr(address, name);
  FileDescriptor socket(::socket(name.ss_family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.get() < 0) return fail(last_error("opening a UDP socket"));
  if (address.family() == IpFamily::v6) set_option(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
  set_option(socket.get(), SOL_SOCKET, SO_RXQ_OVFL, 1);
  set_buffer(socket.get(), SO_RCVBUFFORCE, SO_RCVBUF, receive_buffer);
  set_buffer(socket.get(), SO_SNDBUFFORCE, SO_SNDBUF, send_buffer);
  if (bind(socket.get(), reinterpret_cast<const sockaddr*>(&name), length) != 0)
    return fail(last_error("binding the media port"));
  return socket;
}

SocketAddress bound_address(int fd) {
  sockaddr_storage name{};
  socklen_t length = sizeof name;
  getsockname(fd, reinterpret_cast<sockaddr*>(&name), &length);
  return from_sockaddr(reinterpret_cast<const sockaddr&>(name)).value_or(SocketAddress());
}

BatchReader::BatchReader(PacketPool& pool, UdpCounters& counters) : pool_(pool), counters_(counters) {}

std::size_t BatchReader::refill() {
  std::size_t ready = 0;
  for (; ready < kBatch; ++ready) {
    if (!buffers_[ready]) buffers_[ready] = pool_.acquire();
    if (!buffers_[ready]) break;
    const MutableBytes space = buffers_[ready].space();
    pieces_[ready] = {space.data(), space.size()};
    msghdr& header = headers_[ready].msg_hdr;
    header = {};
    header.msg_name = &names_[ready];
    header.msg_namelen = sizeof names_[ready];
    header.msg_iov = &pieces_[ready];
    header.msg_iovlen = 1;
    header.msg_control = &controls_[ready];
    header.msg_controllen = sizeof controls_[ready].bytes;
  }
  return ready;
}

void BatchReader::note_times(int fd) {
  set_option(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
  times_ = true;
}

// With no buffer left the datagram must still leave the queue, or the socket would stay readable for ever.
void BatchReader::discard_one(int fd) {
  if (recv(fd, nullptr, 0, MSG_TRUNC) >= 0) counters_.no_buffer.add();
}

void BatchReader::note_kernel_losses(msghdr& header, std::uint32_t& last) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SO_RXQ_OVFL) continue;
    std::uint32_t losses = 0;
    std::memcpy(&losses, CMSG_DATA(part), sizeof losses);
    if (losses > last) counters_.kernel_lost.add(losses - last);
    last = losses;
  }
}

std::span<Arrival> BatchReader::read(int fd, std::uint8_t socket) {
  const std::size_t ready = refill();
  if (ready == 0) {
    discard_one(fd);
    return {};
  }
  const int got = recvmmsg(fd, headers_.data(), static_cast<unsigned>(ready), 0, nullptr);
  if (got <= 0) return {};
  TimePoint wall_epoch;  // by the clock that we use
  if (times_)
    wall_epoch = std::chrono::steady_clock::now() - std::chrono::system_clock::now().time_since_epoch();
  std::size_t count = 0;
  for (std::size_t i = 0; i < static_cast<std::size_t>(got); ++i) {
    const std::size_t size = headers_[i].msg_len;
    const auto from = from_sockaddr(reinterpret_cast<const sockaddr&>(names_[i]));
    if ((headers_[i].msg_hdr.msg_flags & MSG_TRUNC) != 0 || !from) {
      counters_.truncated.add();
      continue;
    }
    counters_.received_bytes.add(size);
    buffers_[i].resize(size);
    arrivals_[count] = {std::move(buffers_[i]), Path(*from, socket)};
    if (times_) arrivals_[count].came = wall_epoch + wall_time(headers_[i].msg_hdr);
    ++count;
  }
  counters_.received.add(count);
  note_kernel_losses(headers_[static_cast<std::size_t>(got) - 1].msg_hdr, last_kernel_losses_[socket]);
  return std::span(arrivals_).first(count);
}

void TrainSender::send(int fd, std::uint8_t socket, TrainSorter& sorter) {
  for (const Train& train : sorter.trains()) {
    if (train.to.socket != socket) continue;
    if (segmentation_ || train.count == 1) {
      add(fd, train, sorter.pieces(train));
      continue;
    }
    for (iovec& piece : sorter.pieces(train)) add(fd, {train.to, train.segment, 1, 0, 0}, {&piece, 1});
  }
  send_collected(fd);
}

void TrainSender::add(int fd, const Train& train, std::span<iovec> pieces) {
  if (count_ == headers_.size()) send_collected(fd);
  msghdr& header = headers_[count_].msg_hdr;
  header = {};
  header.msg_name = &names_[count_];
  header.msg_namelen = to_sockaddr(train.to.remote, names_[count_]);
  header.msg_iov = pieces.data();
  header.msg_iovlen = pieces.size();
  if (train.count > 1) {
    header.msg_control = &controls_[count_];
    header.msg_controllen = sizeof controls_[count_].bytes;
    cmsghdr* part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = SOL_UDP;
    part->cmsg_type = UDP_SEGMENT;
    part->cmsg_len = CMSG_LEN(sizeof train.segment);
    std::memcpy(CMSG_DATA(part), &train.segment, sizeof train.segment);
  }
  ++count_;
}

// One that the kernel refuses stops its batch: it is handled for itself, then the rest goes on.
void TrainSender::send_collected(int fd) {
  for (std::size_t at = 0; at < count_;) {
    const int sent = sendmmsg(fd, &headers_[at], static_cast<unsigned>(count_ - at), 0);
    for (int i = 0; i < sent; ++i) count_sent(headers_[at++]);
    if (sent > 0) continue;
    if (errno == EINTR) continue;
    if (headers_[at].msg_hdr.msg_iovlen > 1 && errno != EAGAIN && errno != ENOBUFS) {
      if (errno == EIO || errno == ENOPROTOOPT || errno == EOPNOTSUPP) segmentation_ = false;
      send_one_by_one(fd, headers_[at]);
    } else {
      counters_.send_failed.add(headers_[at].msg_hdr.msg_iovlen);
    }
    ++at;
  }
  count_ = 0;
}

void TrainSender::send_one_by_one(int fd, const mmsghdr& failed) {
  for (std::size_t i = 0; i < failed.msg_hdr.msg_iovlen; ++i) {
    mmsghdr single{};
    single.msg_hdr.msg_name = failed.msg_hdr.msg_name;
    single.msg_hdr.msg_namelen = failed.msg_hdr.msg_namelen;
    single.msg_hdr.msg_iov = &failed.msg_hdr.msg_iov[i];
    single.msg_hdr.msg_iovlen = 1;
    if (sendmsg(fd, &single.msg_hdr, 0) >= 0)
      count_sent(single);
    else
      counters_.send_failed.add();
  }
}

void TrainSender::count_sent(const mmsghdr& header) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < header.msg_hdr.msg_iovlen; ++i) bytes += header.msg_hdr.msg_iov[i].iov_len;
  counters_.sent.add(header.msg_hdr.msg_iovlen);
  counters_.sent_bytes.add(bytes);
  if (header.msg_hdr.msg_iovlen > 1) counters_.trains.add();
}

}  // namespace cloister::net
