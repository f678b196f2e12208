// Sorts a batch of datagrams into trains: those of one path and one size (the last may be shorter) that may
// leave as one UDP_SEGMENT message. Order within a path is kept; paths may overtake each other. No sockets
// here; no allocation after construction.
#pragma once

#include <sys/uio.h>

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "net/datagram.h"

namespace cloister::net {

struct Train {
  Path to;
  std::uint16_t segment = 0;  // bytes of each datagram but perhaps the last
  std::uint16_t count = 0;
  std::uint32_t first = 0;  // index into pieces()
  std::uint32_t bytes = 0;
};

class TrainSorter {
public:
  static constexpr std::size_t kMaxBatch = 512;
  static constexpr std::size_t kMaxCount = 64;     // UDP_MAX_SEGMENTS of Linux 6.1
  static constexpr std::size_t kMaxBytes = 64000;  // a UDP datagram before it is cut

  TrainSorter();

  // At most kMaxBatch datagrams; the results live until the next call and point into the batch's bytes.
  void sort(std::span<const Datagram> batch);
  std::span<const Train> trains() const { return trains_; }
  std::span<iovec> pieces(const Train& train) { return std::span(pieces_).subspan(train.first, train.count); }

private:
  static constexpr std::uint16_t kNone = 0xffff;
  static constexpr std::size_t kSlots = 2 * kMaxBatch;  // power of two
  struct Slot {
    std::uint32_t round = 0;
    std::uint16_t train = 0;
  };

  Slot& open_train(const Path& path);
  static bool takes(const Train& train, std::size_t last, std::size_t size);

  std::uint32_t round_ = 0;
  std::array<Slot, kSlots> slots_{};
  std::array<std::uint16_t, kMaxBatch> next_{};  // datagram → the next one of its train
  std::array<std::uint16_t, kMaxBatch> head_{};  // train → its first datagram
  std::array<std::uint16_t, kMaxBatch> tail_{};  // train → its last datagram
  std::vector<Train> trains_;
  std::vector<iovec> pieces_;
};

}  // namespace cloister::net
