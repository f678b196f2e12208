#include "net/trains.h"

#include "base/assert.h"

namespace cloister::net {

TrainSorter::TrainSorter() {
  trains_.reserve(kMaxBatch);
  pieces_.reserve(kMaxBatch);
}

// The slot of the train that datagrams of this path may still join. A slot of an earlier round is free.
TrainSorter::Slot& TrainSorter::open_train(const Path& path) {
  std::size_t at = std::hash<Path>()(path) & (kSlots - 1);
  while (slots_[at].round == round_ && trains_[slots_[at].train].to != path) at = (at + 1) & (kSlots - 1);
  return slots_[at];
}

bool TrainSorter::takes(const Train& train, std::size_t last, std::size_t size) {
  return last == train.segment && size <= train.segment && train.count < kMaxCount &&
         train.bytes + size <= kMaxBytes;
}

void TrainSorter::sort(std::span<const Datagram> batch) {
  ASSERT(batch.size() <= kMaxBatch);
  trains_.clear();
  pieces_.clear();
  if (++round_ == 0) slots_.fill({}), round_ = 1;
  const Path* path = nullptr;  // of the datagram before: mostly a receiver's stand together
  Slot* open = nullptr;
  for (std::size_t i = 0; i < batch.size(); ++i) {
    const auto number = static_cast<std::uint16_t>(i);
    const std::size_t size = batch[i].bytes.size();
    if (size == 0) continue;
    next_[i] = kNone;
    if (path == nullptr || *path != batch[i].to) {
      path = &batch[i].to;
      open = &open_train(*path);
    }
    Slot& slot = *open;
    if (slot.round == round_) {
      Train& train = trains_[slot.train];
      if (takes(train, batch[tail_[slot.train]].bytes.size(), size)) {
        next_[tail_[slot.train]] = number;
        tail_[slot.train] = number;
        train.count = static_cast<std::uint16_t>(train.count + 1);
        train.bytes += static_cast<std::uint32_t>(size);
        continue;
      }
    }
    slot = {round_, static_cast<std::uint16_t>(trains_.size())};
    head_[slot.train] = tail_[slot.train] = number;
    trains_.push_back(
        {batch[i].to, static_cast<std::uint16_t>(size), 1, 0, static_cast<std::uint32_t>(size)});
  }
  for (std::size_t t = 0; t < trains_.size(); ++t) {
    trains_[t].first = static_cast<std::uint32_t>(pieces_.size());
    for (std::uint16_t i = head_[t]; i != kNone; i = next_[i]) {
      const Bytes bytes = batch[i].bytes;
      pieces_.push_back({const_cast<std::byte*>(bytes.data()), bytes.size()});  // iovec knows no const
    }
  }
}

}  // namespace cloister::net
