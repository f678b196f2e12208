#include "videobridge/media/incoming/packet_inspection.h"

#include <algorithm>
#include <array>
#include <span>

#include "wire/av1.h"
#include "wire/h264.h"
#include "wire/header_extension.h"

namespace cloister::videobridge::media {

namespace {

void keep(ParsedPacket& packet, ExtensionKind kind, Bytes data) {
  if (packet.kept_count < packet.kept.size()) packet.kept[packet.kept_count++] = {kind, data};
}

Result<std::monostate, Drop> inspect_vp8(ParsedPacket& packet) {
  const auto descriptor = wire::parse_vp8(packet.header.payload);
  if (!descriptor) return fail(Drop::bad_payload);
  packet.vp8 = *descriptor;
  packet.layer.temporal = descriptor->temporal.value_or(0);
  packet.needed_by = LayerSet::from(packet.layer);
  packet.key_frame = descriptor->key_frame;
  packet.key_frames_known = true;
  if (packet.key_frame) packet.source->on_codec(Codec::vp8);
  if (const auto size = wire::vp8_dimensions(*descriptor, packet.header.payload);
      size && size->width && size->height) {
    const std::array spatial{
        Source::Size{size->width, size->height}
    };
    packet.source->on_sizes(packet.layer.encoding, spatial);
  }
  return {};
}

void show_structure(const wire::Vp9Structure& structure, ParsedPacket& packet) {
  std::array<Source::Size, 8> spatial{};
  for (std::size_t i = 0; i < structure.spatial_layers; ++i)
    spatial[i] = {structure.sizes[i].width, structure.sizes[i].height};
  packet.source->on_sizes(packet.layer.encoding, std::span(spatial).first(structure.spatial_layers));
}

void show_structure(const wire::DependencyStructure& structure, ParsedPacket& packet) {
  std::array<Source::Size, 4> spatial{};
  for (std::size_t i = 0; i < structure.spatial_layers; ++i)
    spatial[i] = {structure.sizes[i].width, structure.sizes[i].height};
  packet.source->on_sizes(packet.layer.encoding, std::span(spatial).first(structure.spatial_layers));
}

// The decode targets that a frame is present in are the layers whose receivers need it.
LayerSet layers_that_need(const wire::FrameDependencies& frame, const wire::DependencyStructure& structure) {
  std::uint8_t highest = 0;
  for (std::size_t i = 0; i < structure.target_count; ++i)
    highest = std::max(highest, structure.targets[i].temporal);
  LayerSet out;
  for (std::size_t i = 0; i < structure.target_count; ++i) {
    if (frame.indication(i) == wire::Indication::not_present) continue;
    const auto& target = structure.targets[i];
    out.add(target.spatial, target.temporal);
    for (std::size_t above = highest; target.temporal == highest && above < kMaxTemporalLayers; ++above)
      out.add(target.spatial, above);
  }
  return out;
}

// Of packets with a dependency descriptor that is to be gone by.
Result<std::monostate, Drop> inspect_dependencies(ParsedPacket& packet) {
  const auto kept = std::span(packet.kept).first(packet.kept_count);
  const auto element = std::ranges::find(kept, ExtensionKind::dependency_descriptor, &KeptExtension::kind);
  if (element == kept.end()) return {};
  wire::DependencyStructure& structure = packet.source->dependency_structure(packet.layer.encoding);
  const auto descriptor = wire::parse_dependency_descriptor(element->data, structure);
  if (!descriptor) return fail(Drop::bad_payload);
  packet.dependencies = *descriptor;
  packet.structure = &structure;
  packet.key_frame = descriptor->has_structure && descriptor->frame_start && descriptor->frame;
  packet.key_frames_known = true;
  if (descriptor->frame) {
    packet.layer.spatial = descriptor->frame->spatial;
    packet.layer.temporal = descriptor->frame->temporal;
    packet.needed_by = layers_that_need(*descriptor->frame, structure);
  }
  if (packet.key_frame) {
    packet.source->on_codec(packet.format->codec);
    show_structure(structure, packet);
  }
  return {};
}

Result<std::monostate, Drop> inspect_vp9(ParsedPacket& packet) {
  const auto descriptor = wire::parse_vp9(packet.header.payload);
  if (!descriptor) return fail(Drop::bad_payload);
  packet.vp9 = *descriptor;
  packet.layer.temporal = descriptor->temporal;
  packet.layer.spatial = descriptor->spatial;
  packet.needed_by =
      descriptor->not_for_upper ? LayerSet::within_spatial(packet.layer) : LayerSet::from(packet.layer);
  packet.key_frame = descriptor->key_frame;
  packet.key_frames_known = true;
  if (packet.key_frame) packet.source->on_codec(Codec::vp9);
  if (descriptor->structure) show_structure(*descriptor->structure, packet);
  return descriptor->picture_id ? Result<std::monostate, Drop>{} : inspect_dependencies(packet);
}

Result<std::monostate, Drop> inspect_av1(ParsedPacket& packet) {
  packet.key_frame = wire::starts_av1_sequence(packet.header.payload);
  packet.key_frames_known = true;
  if (packet.key_frame) packet.source->on_codec(Codec::av1);
  return inspect_dependencies(packet);
}

// COMPAT: senders that encrypt end to end may leave nothing readable; what they send passes as it comes.
void inspect_h264(ParsedPacket& packet) {
  const wire::H264Start start = wire::h264_start(packet.header.payload);
  packet.key_frame = start == wire::H264Start::key_frame;
  packet.key_frames_known = start != wire::H264Start::unreadable;
  if (packet.key_frame) packet.source->on_codec(Codec::h264);
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
  packet.needed_by = LayerSet::from(packet.layer);
  switch (packet.format->codec) {
    case Codec::vp8: return inspect_vp8(packet);
    case Codec::vp9: return inspect_vp9(packet);
    case Codec::av1: return inspect_av1(packet);
    case Codec::h264: inspect_h264(packet); return {};
    default: return {};
  }
}

}  // namespace cloister::videobridge::media
