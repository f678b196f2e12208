#include "net/packet_pool.h"

#include <algorithm>

namespace cloister::net {

bool PacketPool::grow() {
  const std::size_t count = std::min(kChunk, limit_ - made_);
  if (count == 0) return false;
  // The buffers stay uninitialised: pages that no packet reached are never touched.
  auto chunk = std::make_unique_for_overwrite<Packet::Slot[]>(count);
  for (std::size_t i = count; i-- > 0;) {
    chunk[i].pool = this;
    chunk[i].next_free = std::exchange(free_, &chunk[i]);
  }
  chunks_.push_back(std::move(chunk));
  made_ += count;
  return true;
}

}  // namespace cloister::net
