#include "net/outbox.h"

#include <cstring>

#include "base/assert.h"

namespace cloister::net {

Outbox::Outbox(DatagramSender& sender, std::size_t max_datagrams, std::size_t arena_bytes)
    : sender_(sender),
      arena_bytes_(arena_bytes),
      arena_(std::make_unique_for_overwrite<std::byte[]>(arena_bytes)) {
  ASSERT(arena_bytes >= kMaxDatagram && max_datagrams > 0);
  batch_.reserve(max_datagrams);
}

MutableBytes Outbox::reserve() {
  if (arena_bytes_ - used_ < kMaxDatagram || batch_.size() == batch_.capacity()) flush();
  return {arena_.get() + used_, kMaxDatagram};
}

void Outbox::commit(std::size_t length, const Path& to) {
  ASSERT(length <= kMaxDatagram && arena_bytes_ - used_ >= kMaxDatagram);
  batch_.push_back({
      to, {arena_.get() + used_, length}
  });
  used_ += length;
}

void Outbox::send(Bytes bytes, const Path& to) {
  ASSERT(bytes.size() <= kMaxDatagram);
  std::memcpy(reserve().data(), bytes.data(), bytes.size());
  commit(bytes.size(), to);
}

void Outbox::flush() {
  if (!batch_.empty()) sender_.send(batch_);
  batch_.clear();
  used_ = 0;
}

}  // namespace cloister::net
