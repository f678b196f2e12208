#include "wire/header_extension.h"

#include "base/assert.h"

namespace cloister::wire {

ExtensionReader::ExtensionReader(std::uint16_t profile, Bytes block) : form_(Form::none), in_(block) {
  if (profile == kOneByteProfile) form_ = Form::one_byte;
  if ((profile & 0xfff0U) == kTwoByteProfile) form_ = Form::two_byte;
}

std::optional<ExtensionElement> ExtensionReader::next() {
  while (form_ != Form::none && in_.left() > 0) {
    const std::uint8_t first = in_.u8();
    if (form_ == Form::one_byte) {
      const std::uint8_t id = first >> 4;
      if (id == 15) break;
      if (id == 0) continue;  // padding; a length in it is not honoured (§4.2)
      const Bytes data = in_.take((first & 0x0fU) + 1U);
      if (!in_.ok()) break;
      return ExtensionElement{id, data};
    }
    if (first == 0) continue;
    if (in_.left() == 0) break;
    const Bytes data = in_.take(in_.u8());
    if (!in_.ok()) break;
    return ExtensionElement{first, data};
  }
  form_ = Form::none;
  return std::nullopt;
}

ExtensionWriter::ExtensionWriter(ByteWriter& out, Form form) : out_(out), form_(form) {
  out_.u16(form == Form::one_byte ? kOneByteProfile : kTwoByteProfile);
  length_ = out_.room(2);
  start_ = out_.size();
}

MutableBytes ExtensionWriter::add_space(std::uint8_t id, std::size_t size) {
  if (form_ == Form::one_byte) {
    ASSERT(fits_one_byte(id, size));
    out_.u8(static_cast<std::uint8_t>(id << 4 | (size - 1)));
  } else {
    ASSERT(id != 0 && size <= 255);
    out_.u8(id).u8(static_cast<std::uint8_t>(size));
  }
  return out_.room(size);
}

void ExtensionWriter::add(std::uint8_t id, Bytes data) {
  const MutableBytes to = add_space(id, data.size());
  if (!to.empty()) std::memcpy(to.data(), data.data(), to.size());
}

void ExtensionWriter::finish() {
  out_.zeros((4 - (out_.size() - start_) % 4) % 4);
  if (out_.ok()) set_u16(length_, 0, static_cast<std::uint16_t>((out_.size() - start_) / 4));
}

}  // namespace cloister::wire
