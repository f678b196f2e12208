#include "forward/floor.h"

#include <netinet/in.h>
#include <netinet/udp.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>

#include "base/assert.h"
#include "forward/gcm.h"

namespace cloister::bench {
namespace {

constexpr std::size_t kBatch = 64;     // datagrams read at once, as the bridge does
constexpr std::size_t kBuffer = 2048;  // bytes
constexpr std::size_t kMaxOut = 8192;  // datagrams of one batch
constexpr std::size_t kMaxTrain = 40;  // datagrams; a train stays below 64 KB
constexpr int kSocketBuffer = 4 * 1024 * 1024;

sockaddr_in to_sockaddr(const SocketAddress& address) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(address.port());
  std::memcpy(&out.sin_addr, address.ip().data(), 4);
  return out;
}

struct Receiver {
  sockaddr_in address;
  Gcm gcm;
  std::uint32_t ssrc;
  std::uint16_t sequence_offset;
  std::uint32_t timestamp_offset;
};

// The buffers of one batch, all in place before the first packet.
class Batch {
public:
  Batch() {
    for (std::size_t i = 0; i < kBatch; ++i) {
      pieces_in_[i] = {in_[i].data(), kBuffer};
      headers_in_[i].msg_hdr.msg_iov = &pieces_in_[i];
      headers_in_[i].msg_hdr.msg_iovlen = 1;
    }
  }

  std::size_t read(int socket) {
    const int got = recvmmsg(socket, headers_in_.data(), kBatch, MSG_DONTWAIT, nullptr);
    return got < 0 ? 0 : static_cast<std::size_t>(got);
  }
  MutableBytes arrived(std::size_t index) { return std::span(in_[index]).first(headers_in_[index].msg_len); }

  MutableBytes next_out() {
    ASSERT(count_ < kMaxOut);
    return out_[count_];
  }
  void add(const Receiver& to, std::size_t length) {
    pieces_out_[count_] = {out_[count_].data(), length};
    to_[count_++] = &to;
  }
  void send(int socket) {
    std::size_t trains = 0;
    for (std::size_t first = 0; first < count_; ++trains) {
      std::size_t end = first + 1;
      while (end < count_ && to_[end] == to_[first] && end - first < kMaxTrain &&
             pieces_out_[end].iov_len == pieces_out_[first].iov_len)
        ++end;
      couple(headers_out_[trains], controls_[trains], first, end - first);
      first = end;
    }
    for (std::size_t at = 0; at < trains;) {
      const int sent = sendmmsg(socket, &headers_out_[at], static_cast<unsigned>(trains - at), 0);
      if (sent <= 0) break;
      at += static_cast<std::size_t>(sent);
    }
    count_ = 0;
  }

private:
  struct alignas(cmsghdr) Control {
    std::array<char, CMSG_SPACE(sizeof(std::uint16_t))> bytes;
  };

  void couple(mmsghdr& message, Control& control, std::size_t first, std::size_t count) {
    msghdr& header = message.msg_hdr;
    header = {};
    header.msg_name = const_cast<sockaddr_in*>(&to_[first]->address);
    header.msg_namelen = sizeof(sockaddr_in);
    header.msg_iov = &pieces_out_[first];
    header.msg_iovlen = count;
    if (count == 1) return;
    header.msg_control = &control;
    header.msg_controllen = sizeof control.bytes;
    cmsghdr* part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = SOL_UDP;
    part->cmsg_type = UDP_SEGMENT;
    part->cmsg_len = CMSG_LEN(sizeof(std::uint16_t));
    const auto size = static_cast<std::uint16_t>(pieces_out_[first].iov_len);
    std::memcpy(CMSG_DATA(part), &size, sizeof size);
  }

  std::array<std::array<std::byte, kBuffer>, kBatch> in_;
  std::array<iovec, kBatch> pieces_in_;
  std::array<mmsghdr, kBatch> headers_in_{};
  std::array<std::array<std::byte, kBuffer>, kMaxOut> out_;
  std::array<const Receiver*, kMaxOut> to_;
  std::array<iovec, kMaxOut> pieces_out_;
  std::array<mmsghdr, kMaxOut> headers_out_;
  std::array<Control, kMaxOut> controls_;
  std::size_t count_ = 0;
};

struct Room {
  Gcm gcm;
  std::vector<Receiver> receivers;
  std::array<std::uint8_t, kBatch> packets{};  // of the batch, by index
  std::size_t count = 0;
};

std::vector<Room> make_rooms(std::size_t receivers_per_room, const std::vector<SocketAddress>& receivers) {
  std::vector<Room> rooms;
  for (std::uint32_t number = 0; number < receivers.size(); ++number) {
    if (number % receivers_per_room == 0)
      rooms.push_back({.gcm = Gcm(static_cast<std::uint32_t>(rooms.size())), .receivers = {}});
    const std::uint32_t ssrc = kFirstReceiver + number;
    rooms.back().receivers.push_back({.address = to_sockaddr(receivers[number]),
                                      .gcm = Gcm(ssrc),
                                      .ssrc = ssrc,
                                      .sequence_offset = static_cast<std::uint16_t>(number * 31),
                                      .timestamp_offset = number * 977});
  }
  return rooms;
}

void forward(Room& room, Batch& batch) {
  for (Receiver& receiver : room.receivers) {
    for (std::size_t i = 0; i < room.count; ++i) {
      const Bytes packet = batch.arrived(room.packets[i]).first(Scene::kPacketBytes);
      const MutableBytes out = batch.next_out();
      std::memcpy(out.data(), packet.data(), packet.size());
      set_u16(out, 2, static_cast<std::uint16_t>(get_u16(packet, 2) + receiver.sequence_offset));
      set_u32(out, 4, get_u32(packet, 4) + receiver.timestamp_offset);
      set_u32(out, 8, receiver.ssrc);
      batch.add(receiver, receiver.gcm.protect(out, packet.size()));
    }
  }
  room.count = 0;
}

}  // namespace

Floor::Floor(const Scene& scene, const SocketAddress& ip, std::vector<SocketAddress> receivers)
    : socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  for (const int option : {SO_RCVBUFFORCE, SO_SNDBUFFORCE, SO_RCVBUF, SO_SNDBUF})
    setsockopt(socket_, SOL_SOCKET, option, &kSocketBuffer, sizeof kSocketBuffer);
  sockaddr_in name = to_sockaddr(ip.with_port(0));
  socklen_t length = sizeof name;
  ASSERT(bind(socket_, reinterpret_cast<const sockaddr*>(&name), length) == 0);
  ASSERT(getsockname(socket_, reinterpret_cast<sockaddr*>(&name), &length) == 0);
  address_ = ip.with_port(ntohs(name.sin_port));
  thread_ = std::thread([this, per_room = scene.receivers, all = std::move(receivers)]() mutable {
    pthread_setname_np(pthread_self(), "floor");
    run(per_room, std::move(all));
  });
}

Floor::~Floor() {
  stop_ = true;
  thread_.join();
  close(socket_);
}

void Floor::run(std::size_t receivers_per_room, std::vector<SocketAddress> receivers) {
  std::vector<Room> rooms = make_rooms(receivers_per_room, receivers);
  const auto batch = std::make_unique<Batch>();
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  epoll_event event{.events = EPOLLIN, .data = {}};
  epoll_ctl(epoll, EPOLL_CTL_ADD, socket_, &event);
  while (!stop_) {
    if (epoll_wait(epoll, &event, 1, 100) <= 0) continue;
    const std::size_t got = batch->read(socket_);
    for (std::size_t i = 0; i < got; ++i) {
      const MutableBytes packet = batch->arrived(i);
      const std::uint32_t number = packet.size() > 12 ? get_u32(packet, 8) : ~0U;
      if (number >= rooms.size()) continue;
      Room& room = rooms[number];
      if (room.gcm.unprotect(packet) == Scene::kPacketBytes)
        room.packets[room.count++] = static_cast<std::uint8_t>(i);
    }
    for (Room& room : rooms) forward(room, *batch);
    batch->send(socket_);
  }
  close(epoll);
}

}  // namespace cloister::bench
