// RTP header extension elements in one- and two-byte form (RFC 8285 §4.2, §4.3).
#pragma once

#include <cstdint>
#include <optional>

#include "base/bytes.h"
#include "wire/rtp_header.h"

namespace cloister::wire {

inline constexpr std::uint16_t kOneByteProfile = 0xbede;
inline constexpr std::uint16_t kTwoByteProfile = 0x1000;  // the low four bits are free for the application

inline constexpr std::size_t kMaxElement = 255;  // bytes, in two-byte form

struct ExtensionElement {
  std::uint8_t id = 0;  // 1…14 in one-byte form, 1…255 in two-byte form
  Bytes data;           // 1…16 bytes in one-byte form, 0…255 in two-byte form
};

// Walks the elements of a block. Ends at the block's end, at the reserved id 15 (§4.2) and at the first
// element that is longer than what is left; what stood before stays valid. An unknown profile has no
// elements.
class ExtensionReader {
public:
  explicit ExtensionReader(const RtpHeader& header)
      : ExtensionReader(header.extension_profile, header.extension) {}
  ExtensionReader(std::uint16_t profile, Bytes block);
  std::optional<ExtensionElement> next();

private:
  enum class Form : std::uint8_t { none, one_byte, two_byte };
  Form form_;
  ByteReader in_;
};

// Writes a whole block: profile and length first, elements, padding at finish(). The form is chosen before
// the first element, since both forms cannot stand in one block.
class ExtensionWriter {
public:
  enum class Form : std::uint8_t { one_byte, two_byte };
  // True when the element can be written in one-byte form.
  static constexpr bool fits_one_byte(std::uint8_t id, std::size_t size) {
    return id >= 1 && id <= 14 && size >= 1 && size <= 16;
  }

  ExtensionWriter(ByteWriter& out, Form form);
  // `size` ≤ 255, and fits_one_byte() in one-byte form.
  void add(std::uint8_t id, Bytes data);
  // Space for an element's data, to be filled in later; empty when there is no room.
  MutableBytes add_space(std::uint8_t id, std::size_t size);
  // Pads to a multiple of four bytes and writes the length.
  void finish();

private:
  ByteWriter& out_;
  Form form_;
  MutableBytes length_;
  std::size_t start_;
};

}  // namespace cloister::wire
