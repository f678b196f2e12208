// Reading and writing fields that do not end at bytes, most significant bit first. Like ByteReader and
// ByteWriter: past their end they turn bad, and the caller asks once.
#pragma once

#include <bit>
#include <cstdint>

#include "base/bytes.h"

namespace cloister::wire {

class BitReader {
public:
  explicit BitReader(Bytes in) : in_(in) {}

  bool ok() const { return ok_; }
  std::size_t position() const { return at_; }
  std::size_t left() const { return in_.size() * 8 - at_; }

  bool flag() { return number(1) != 0; }
  // `width` ≤ 32 bits.
  std::uint32_t number(std::size_t width) {
    if (width > left()) {
      ok_ = false;
      at_ = in_.size() * 8;
      return 0;
    }
    std::uint32_t value = 0;
    for (; width > 0; --width, ++at_) value = value << 1 | (get_u8(in_, at_ / 8) >> (7 - at_ % 8) & 1U);
    return value;
  }
  // One of `count` ≥ 1 values in as few bits as it takes (ns(n) of the AV1 specification, §4.10.7).
  std::uint32_t one_of(std::uint32_t count) {
    const auto width = static_cast<std::size_t>(std::bit_width(count));
    const std::uint32_t short_ones = (1U << width) - count;
    const std::uint32_t value = number(width - 1);
    return value < short_ones ? value : (value << 1) - short_ones + number(1);
  }

private:
  Bytes in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

class BitWriter {
public:
  explicit BitWriter(MutableBytes out) : out_(out) {}

  bool ok() const { return ok_; }
  std::size_t position() const { return at_; }
  std::size_t size() const { return (at_ + 7) / 8; }  // bytes

  // `width` ≤ 32 bits. The last byte is filled up with zeros.
  void number(std::uint32_t value, std::size_t width) {
    if (width > out_.size() * 8 - at_) {
      ok_ = false;
      return;
    }
    while (width-- > 0) bit((value >> width & 1U) != 0);
  }
  // Copies until `in` stands at `end`.
  void copy(BitReader& in, std::size_t end) {
    while (in.position() < end && ok_ && in.ok()) number(in.number(1), 1);
  }

private:
  void bit(bool set) {
    const std::size_t byte = at_ / 8;
    if (at_ % 8 == 0) set_u8(out_, byte, 0);
    if (set) set_u8(out_, byte, static_cast<std::uint8_t>(get_u8(out_, byte) | 0x80U >> at_ % 8));
    ++at_;
  }

  MutableBytes out_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace cloister::wire
