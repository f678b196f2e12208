// One bound, non-blocking UDP socket: batches in and out. Shard thread only.
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <cstdint>
#include <memory>
#include <span>

#include "base/clock.h"
#include "base/result.h"
#include "net/packet_pool.h"
#include "net/trains.h"
#include "net/udp_port.h"

namespace cloister::net {

// Closes on destruction.
class FileDescriptor {
public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~FileDescriptor();
  int get() const { return fd_; }

private:
  int fd_ = -1;
};

// Bound to `address`; its port 0 lets the kernel choose.
Result<FileDescriptor, SystemError> open_udp_socket(const SocketAddress& address, int receive_buffer,
                                                    int send_buffer);
SocketAddress bound_address(int fd);

// Reads one batch of datagrams into pool packets. One per port, shared by its sockets.
class BatchReader {
public:
  BatchReader(PacketPool& pool, UdpCounters& counters);

  // What is there now, at most UdpPort::kBatch, from socket number `socket`; empty when nothing is. The
  // arrivals are the caller's until the next call.
  std::span<Arrival> read(int fd, std::uint8_t socket);
  // From now on the arrivals of this socket say when the kernel had them.
  void note_times(int fd);

private:
  static constexpr std::size_t kBatch = UdpPort::kBatch;
  struct alignas(cmsghdr) Control {
    std::array<char, CMSG_SPACE(sizeof(std::uint32_t)) + CMSG_SPACE(sizeof(timespec))> bytes;
  };

  std::size_t refill();
  void discard_one(int fd);
  void note_kernel_losses(msghdr& header, std::uint32_t& last);

  PacketPool& pool_;
  UdpCounters& counters_;
  bool times_ = false;
  std::array<std::uint32_t, 256> last_kernel_losses_{};  // by socket
  std::array<Packet, kBatch> buffers_;
  std::array<Arrival, kBatch> arrivals_;
  std::array<sockaddr_storage, kBatch> names_;
  std::array<iovec, kBatch> pieces_;
  std::array<Control, kBatch> controls_;
  std::array<mmsghdr, kBatch> headers_;
};

// Sends trains over one socket. One per port.
class TrainSender {
public:
  explicit TrainSender(UdpCounters& counters) : counters_(counters) {}

  // Those of `sorter`'s trains that go by socket number `socket`.
  void send(int fd, std::uint8_t socket, TrainSorter& sorter);

private:
  struct alignas(cmsghdr) Control {
    std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
  };

  void add(int fd, const Train& train, std::span<iovec> pieces);
  void send_collected(int fd);
  void send_one_by_one(int fd, const mmsghdr& failed);
  void count_sent(const mmsghdr& header);

  UdpCounters& counters_;
  bool segmentation_ = true;  // until the kernel says that it has none
  std::size_t count_ = 0;
  std::array<sockaddr_storage, TrainSorter::kMaxBatch> names_;
  std::array<Control, TrainSorter::kMaxBatch> controls_;
  std::array<mmsghdr, TrainSorter::kMaxBatch> headers_;
};

}  // namespace cloister::net
