// Reading and writing network byte order. Readers and writers never go past their span: they turn bad
// instead, and the caller asks once at the end (or checks left() where the reason matters).
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace cloister {

using Bytes = std::span<const std::byte>;
using MutableBytes = std::span<std::byte>;

inline Bytes as_bytes(std::string_view text) { return std::as_bytes(std::span(text.data(), text.size())); }
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

// Fixed-offset access for fields whose presence was already checked.
constexpr std::uint8_t get_u8(Bytes in, std::size_t at) { return std::to_integer<std::uint8_t>(in[at]); }
constexpr std::uint16_t get_u16(Bytes in, std::size_t at) {
  return static_cast<std::uint16_t>(get_u8(in, at) << 8 | get_u8(in, at + 1));
}
constexpr std::uint32_t get_u32(Bytes in, std::size_t at) {
  return std::uint32_t{get_u16(in, at)} << 16 | get_u16(in, at + 2);
}
constexpr void set_u8(MutableBytes out, std::size_t at, std::uint8_t value) { out[at] = std::byte{value}; }
constexpr void set_u16(MutableBytes out, std::size_t at, std::uint16_t value) {
  set_u8(out, at, static_cast<std::uint8_t>(value >> 8));
  set_u8(out, at + 1, static_cast<std::uint8_t>(value & 0xffU));
}
constexpr void set_u32(MutableBytes out, std::size_t at, std::uint32_t value) {
  set_u16(out, at, static_cast<std::uint16_t>(value >> 16));
  set_u16(out, at + 2, static_cast<std::uint16_t>(value & 0xffffU));
}

class ByteReader {
public:
  explicit ByteReader(Bytes in) : in_(in) {}

  std::size_t left() const { return in_.size() - at_; }
  std::size_t position() const { return at_; }
  bool ok() const { return ok_; }

  std::uint8_t u8() { return static_cast<std::uint8_t>(number(1)); }
  std::uint16_t u16() { return static_cast<std::uint16_t>(number(2)); }
  std::uint32_t u24() { return static_cast<std::uint32_t>(number(3)); }
  std::uint32_t u32() { return static_cast<std::uint32_t>(number(4)); }
  std::uint64_t u64() { return number(8); }
  // The next `count` bytes, or an empty span and a bad reader.
  Bytes take(std::size_t count) {
    if (count > left()) {
      ok_ = false;
      at_ = in_.size();
      return {};
    }
    const Bytes out = in_.subspan(at_, count);
    at_ += count;
    return out;
  }
  void skip(std::size_t count) { take(count); }
  Bytes rest() { return take(left()); }

private:
  std::uint64_t number(std::size_t width) {
    std::uint64_t value = 0;
    for (const std::byte b : take(width)) value = value << 8 | std::to_integer<std::uint64_t>(b);
    return value;
  }

  Bytes in_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

class ByteWriter {
public:
  explicit ByteWriter(MutableBytes out) : out_(out) {}

  std::size_t size() const { return at_; }
  std::size_t left() const { return out_.size() - at_; }
  bool ok() const { return ok_; }
  MutableBytes written() const { return out_.first(at_); }

  ByteWriter& u8(std::uint8_t value) { return number(value, 1); }
  ByteWriter& u16(std::uint16_t value) { return number(value, 2); }
  ByteWriter& u24(std::uint32_t value) { return number(value, 3); }
  ByteWriter& u32(std::uint32_t value) { return number(value, 4); }
  ByteWriter& u64(std::uint64_t value) { return number(value, 8); }
  ByteWriter& bytes(Bytes value) {
    if (MutableBytes to = room(value.size()); !to.empty()) std::memcpy(to.data(), value.data(), value.size());
    return *this;
  }
  ByteWriter& zeros(std::size_t count) {
    for (std::byte& b : room(count)) b = std::byte{0};
    return *this;
  }
  // Space to be filled in by the caller; empty when there is none.
  MutableBytes room(std::size_t count) {
    if (count > left()) {
      ok_ = false;
      return {};
    }
    const MutableBytes to = out_.subspan(at_, count);
    at_ += count;
    return to;
  }

private:
  ByteWriter& number(std::uint64_t value, std::size_t width) {
    const MutableBytes to = room(width);
    for (std::size_t i = to.size(); i-- > 0; value >>= 8) to[i] = static_cast<std::byte>(value & 0xffU);
    return *this;
  }

  MutableBytes out_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

}  // namespace cloister
