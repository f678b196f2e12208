#include "videobridge/media/outgoing/packet_writer.h"

#include <array>

#include "wire/header_extension.h"

namespace cloister::videobridge::media {

namespace {

constexpr std::byte kPaddingBit{0x20};  // of an RTP packet's first byte

// The elements of one packet, gathered first: their sizes decide the form of the block.
class Elements {
public:
  explicit Elements(const ExtensionMap& extensions) : extensions_(extensions) {}

  void add(ExtensionKind kind, Bytes data) {
    const std::uint8_t id = extensions_.id(kind);
    if (id == 0) return;
    const bool fits = wire::ExtensionWriter::fits_one_byte(id, data.size());
    if ((!fits && !extensions_.mixed()) || data.size() > wire::kMaxElement || count_ == elements_.size())
      return;
    one_byte_ = one_byte_ && fits;
    elements_[count_++] = {id, data};
  }

  bool empty() const { return count_ == 0; }

  void write(ByteWriter& out) const {
    using Form = wire::ExtensionWriter::Form;
    wire::ExtensionWriter block(out, one_byte_ ? Form::one_byte : Form::two_byte);
    for (std::size_t i = 0; i < count_; ++i) block.add(elements_[i].id, elements_[i].data);
    block.finish();
  }

private:
  const ExtensionMap& extensions_;
  std::array<wire::ExtensionElement, kMaxKept + 3> elements_{};
  std::size_t count_ = 0;
  bool one_byte_ = true;
};

// 24 bits of seconds in 6.18 fixed point.
std::uint32_t absolute_send_time(TimePoint now) {
  const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count();
  return static_cast<std::uint32_t>((micros % 64'000'000 << 18) / 1'000'000) & 0xffffffU;
}

}  // namespace

std::size_t write_packet(MutableBytes room, const PacketFields& fields, const ExtensionMap& extensions) {
  std::array<std::byte, 2> transport{};
  std::array<std::byte, 3> send_time{};
  std::array<std::byte, wire::kMaxElement> dependencies;  // filled in only where there are any
  Elements elements(extensions);
  for (const KeptExtension& kept : fields.kept) {
    if (kept.kind != ExtensionKind::dependency_descriptor) {
      elements.add(kept.kind, kept.data);
    } else if (const auto* numbers = std::get_if<wire::DependencyNumbers>(&fields.codec)) {
      const std::size_t length = wire::write_dependency_descriptor(dependencies, kept.data, *numbers);
      if (length > 0) elements.add(kept.kind, std::span(dependencies).first(length));
    }
  }
  if (!fields.mid.empty()) elements.add(ExtensionKind::mid, as_bytes(fields.mid));
  if (fields.transport_sequence) {
    set_u16(transport, 0, *fields.transport_sequence);
    elements.add(ExtensionKind::transport_cc, transport);
  }
  if (fields.absolute_send_time) {
    ByteWriter(send_time).u24(absolute_send_time(*fields.absolute_send_time));
    elements.add(ExtensionKind::absolute_send_time, send_time);
  }

  ByteWriter out(room);
  wire::RtpHeader header = fields.header;
  header.padding = 0;  // announced once its size is known
  write_rtp_header(out, header, elements.empty() ? wire::HasExtension::no : wire::HasExtension::yes);
  if (!elements.empty()) elements.write(out);
  if (fields.original_sequence) out.u16(*fields.original_sequence);
  const std::size_t payload_at = out.size();
  out.bytes(header.payload);
  const std::uint8_t padding = fields.rounded ? rounding(out.size()) : fields.padding;
  if (padding > 0) out.zeros(padding - std::size_t{1}).u8(padding);
  if (!out.ok()) return 0;
  if (padding > 0) room[0] |= kPaddingBit;
  if (const auto* picture = std::get_if<wire::PictureNumbers>(&fields.codec))
    wire::patch_picture(room.subspan(payload_at, header.payload.size()), *picture);
  return out.size();
}

}  // namespace cloister::videobridge::media
