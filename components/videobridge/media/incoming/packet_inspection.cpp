#include "videobridge/media/incoming/packet_inspection.h"

#include "wire/header_extension.h"

namespace cloister::videobridge::media {

namespace {

void keep(ParsedPacket& packet, ExtensionKind kind, Bytes data) {
  if (packet.kept_count < packet.kept.size()) packet.kept[packet.kept_count++] = {kind, data};
}

}  // namespace

std::optional<std::uint16_t> inspect_extensions(const ExtensionMap& extensions, ParsedPacket& packet) {
  std::optional<std::uint16_t> transport_sequence;
  wire::ExtensionReader elements(packet.header);
  while (const auto element = elements.next()) {
    const ExtensionKind kind = extensions.kind(element->id);
    switch (kind) {
      case ExtensionKind::audio_level:
        if (element->data.empty()) break;
        packet.level = AudioLevel{.below_full = static_cast<std::uint8_t>(get_u8(element->data, 0) & 0x7fU),
                                  .voice = (get_u8(element->data, 0) & 0x80U) != 0};
        keep(packet, kind, element->data);
        break;
      case ExtensionKind::transport_cc:
        if (element->data.size() >= 2) transport_sequence = get_u16(element->data, 0);
        break;
      case ExtensionKind::video_orientation:
      case ExtensionKind::dependency_descriptor: keep(packet, kind, element->data); break;
      default: break;
    }
  }
  return transport_sequence;
}

Result<std::monostate, Drop> unwrap_rtx(const PayloadMap& payloads, Ssrc media, ParsedPacket& packet) {
  constexpr std::size_t kOriginalSequence = 2;  // bytes
  const PayloadFormat* original = nullptr;
  if (packet.format->retransmits) original = payloads.find(*packet.format->retransmits);
  if (original == nullptr) return fail(Drop::unknown_payload_type);
  wire::RtpHeader& header = packet.header;
  if (header.payload.size() <= kOriginalSequence) return fail(Drop::empty_rtx);
  header.sequence = get_u16(header.payload, 0);
  header.payload = header.payload.subspan(kOriginalSequence);
  header.payload_type = original->id;
  header.ssrc = media;
  packet.format = original;
  return {};
}

Result<std::monostate, Drop> inspect_payload(ParsedPacket& packet) {
  if (packet.format->codec != Codec::vp8) return {};
  const auto descriptor = wire::parse_vp8(packet.header.payload);
  if (!descriptor) return fail(Drop::bad_payload);
  packet.vp8 = *descriptor;
  packet.layer.temporal = descriptor->temporal.value_or(0);
  packet.key_frame = descriptor->key_frame;
  packet.key_frames_known = true;
  if (const auto size = wire::vp8_dimensions(*descriptor, packet.header.payload);
      size && size->width && size->height)
    packet.source->on_dimensions(packet.layer.encoding, size->width, size->height);
  return {};
}

}  // namespace cloister::videobridge::media
