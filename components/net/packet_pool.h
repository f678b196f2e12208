// Buffers for received datagrams. One pool belongs to one shard and its thread; nothing here is atomic or
// locked.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/assert.h"
#include "base/bytes.h"
#include "base/metrics.h"

namespace cloister::net {

class PacketPool;

// A handle to a buffer of the pool. Moving it is free; share() gives one more handle to the same bytes (each
// receiver, the retransmission cache); the last handle to die gives the buffer back. Each handle has its own
// length.
class Packet {
public:
  static constexpr std::size_t kCapacity = 2048;

  Packet() = default;
  Packet(Packet&& other) noexcept
      : slot_(std::exchange(other.slot_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Packet& operator=(Packet&& other) noexcept {
    if (this != &other) {
      release();
      slot_ = std::exchange(other.slot_, nullptr);
      size_ = std::exchange(other.size_, 0);
    }
    return *this;
  }
  ~Packet() { release(); }

  explicit operator bool() const { return slot_ != nullptr; }
  inline Bytes bytes() const;
  inline MutableBytes bytes();
  // The whole buffer, also behind the packet's end.
  inline MutableBytes space();
  std::size_t size() const { return size_; }
  void resize(std::size_t size) {
    ASSERT(size <= kCapacity);
    size_ = static_cast<std::uint32_t>(size);
  }
  inline Packet share() const;

  // What a reader has found out about the bytes, for all who hold them: kNote bytes beside the buffer.
  // Whoever reads a note must have written one of the same type to that packet.
  static constexpr std::size_t kNote = 40;
  template <class Note>
  void set_note(const Note& note);
  template <class Note>
  Note note() const;

private:
  friend class PacketPool;
  struct Slot {
    PacketPool* pool = nullptr;
    Slot* next_free = nullptr;
    std::uint32_t handles = 0;
    std::array<std::byte, kNote> note;  // what aligning the buffer would leave unused
    alignas(64) std::array<std::byte, kCapacity> buffer;
  };

  Packet(Slot* slot, std::uint32_t size) : slot_(slot), size_(size) {}
  inline void release() noexcept;

  Slot* slot_ = nullptr;
  std::uint32_t size_ = 0;
};

// A slab that grows by chunks up to its limit and keeps what it has. Dies after all its packets.
class PacketPool {
public:
  explicit PacketPool(std::size_t limit = 16384) : limit_(limit) {}
  PacketPool(const PacketPool&) = delete;
  PacketPool& operator=(const PacketPool&) = delete;
  ~PacketPool() { ASSERT(in_use_ == 0); }

  // A packet of length 0, or an empty handle when `limit` are in use (counted).
  Packet acquire() {
    if (free_ == nullptr && !grow()) {
      exhausted_.add();
      return {};
    }
    Packet::Slot* slot = std::exchange(free_, free_->next_free);
    slot->handles = 1;
    ++in_use_;
    return {slot, 0};
  }

  std::size_t in_use() const { return in_use_; }
  std::size_t limit() const { return limit_; }
  const Counter& exhausted() const { return exhausted_; }

private:
  friend class Packet;
  static constexpr std::size_t kChunk = 64;

  bool grow();
  void give_back(Packet::Slot* slot) noexcept {
    slot->next_free = free_;
    free_ = slot;
    --in_use_;
  }

  std::size_t limit_;
  std::size_t made_ = 0;
  std::size_t in_use_ = 0;
  Packet::Slot* free_ = nullptr;
  std::vector<std::unique_ptr<Packet::Slot[]>> chunks_;
  Counter exhausted_;
};

inline Bytes Packet::bytes() const { return std::span(slot_->buffer).first(size_); }
inline MutableBytes Packet::bytes() { return std::span(slot_->buffer).first(size_); }
inline MutableBytes Packet::space() { return slot_->buffer; }
inline Packet Packet::share() const {
  if (slot_ == nullptr) return {};
  ++slot_->handles;
  return {slot_, size_};
}
template <class Note>
void Packet::set_note(const Note& note) {
  static_assert(std::is_trivially_copyable_v<Note> && sizeof(Note) <= kNote);
  std::memcpy(slot_->note.data(), &note, sizeof note);
}
template <class Note>
Note Packet::note() const {
  static_assert(std::is_trivially_copyable_v<Note> && sizeof(Note) <= kNote);
  Note out;
  std::memcpy(&out, slot_->note.data(), sizeof out);
  return out;
}
inline void Packet::release() noexcept {
  if (slot_ != nullptr && --slot_->handles == 0) slot_->pool->give_back(slot_);
  slot_ = nullptr;
}

}  // namespace cloister::net
