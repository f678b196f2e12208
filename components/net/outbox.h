// Outgoing datagrams of one batch, written in place into an arena and handed to the sender together. Shard
// thread only.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "net/datagram.h"

namespace cloister::net {

class Outbox {
public:
  static constexpr std::size_t kMaxDatagram = 2048;

  explicit Outbox(DatagramSender& sender, std::size_t max_datagrams = 512,
                  std::size_t arena_bytes = std::size_t{512} * 1024);

  // Room for one datagram, kMaxDatagram bytes; valid until the next call. A full arena flushes itself first.
  MutableBytes reserve();
  // The first `length` bytes of the room last reserved go to `to`. Without commit() nothing goes.
  void commit(std::size_t length, const Path& to);
  // A datagram that exists already.
  void send(Bytes bytes, const Path& to);
  void flush();

  bool empty() const { return batch_.empty(); }

private:
  DatagramSender& sender_;
  std::size_t arena_bytes_;
  std::unique_ptr<std::byte[]> arena_;
  std::size_t used_ = 0;
  std::vector<Datagram> batch_;
};

}  // namespace cloister::net
