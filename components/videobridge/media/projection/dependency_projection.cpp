#include "videobridge/media/projection/dependency_projection.h"

#include <algorithm>

namespace cloister::videobridge::media {

namespace {

constexpr std::uint8_t kTemplateIds = 64;
constexpr std::uint8_t kAllTemporal = 7;

}  // namespace

// Template ids of another encoding's structure must not be taken for those of the last one, should its key
// frame get lost: they go on behind them.
void DependencyProjection::begin_codec(const ParsedPacket& packet, const StreamPosition& position) {
  frames_.fill({});
  telling_ = -1;
  frame_offset_ = 0;
  template_shift_ = 0;
  if (!position.has_frames) return;
  frame_offset_ = static_cast<std::uint16_t>(position.frame_number + 1 - packet.dependencies->frame_number);
  template_shift_ = static_cast<std::uint8_t>(
      (position.next_template + kTemplateIds - packet.structure->template_id_offset) % kTemplateIds);
}

bool DependencyProjection::accept_frame(const ParsedPacket& packet, std::int64_t number) {
  Frame& frame = frame_at(number);
  if (!frame.is(number)) {
    const bool accepted = decide(packet, number);
    frame = {.number = static_cast<std::uint32_t>(number) & 0x7fffffffU, .accepted = accepted};
  }
  return frame.accepted != 0;
}

bool DependencyProjection::decide(const ParsedPacket& packet, std::int64_t number) {
  const wire::DependencyDescriptor& descriptor = *packet.dependencies;
  if (!descriptor.frame) {
    filter_.ask_for_key_frame();
    return false;
  }
  const wire::FrameDependencies& frame = *descriptor.frame;
  if (descriptor.has_structure) on_structure(*packet.structure);
  if (descriptor.active_targets) on_active_targets(*packet.structure, *descriptor.active_targets);
  const bool decodable = can_be_decoded(frame, number);
  if (descriptor.has_structure)
    spatial_ = wanted_spatial();
  else
    steer(packet, decodable);

  const FrameKind kind = descriptor.has_structure ? FrameKind::key : FrameKind::delta;
  if (!filter_.accept(packet.layer, kind, packet.arrival)) return false;
  // About to leave this spatial layer: the rate goes down at once.
  if (wanted_spatial() < spatial_ && frame.temporal > 0) return false;
  if (frame.indication(find_target(*packet.structure, spatial_)) == wire::Indication::not_present)
    return false;
  if (!decodable) {
    if (frame.temporal == 0) filter_.ask_for_key_frame();
    return false;
  }
  announce_targets(packet, number);
  return true;
}

void DependencyProjection::on_structure(const wire::DependencyStructure& structure) {
  target_count_ = structure.target_count;
  next_template_ = static_cast<std::uint8_t>(
      (structure.template_id_offset + structure.template_count + template_shift_) % kTemplateIds);
  served_ = structure.all_targets();
  on_active_targets(structure, structure.all_targets());
}

void DependencyProjection::on_active_targets(const wire::DependencyStructure& structure,
                                             std::uint32_t active) {
  active_ = active;
  top_ = 0;
  for (std::size_t i = 0; i < structure.target_count; ++i)
    if ((active >> i & 1U) != 0) top_ = std::max(top_, structure.targets[i].spatial);
}

// Between key frames another spatial layer is entered where the stream says so and nothing is missing.
void DependencyProjection::steer(const ParsedPacket& packet, bool decodable) {
  const std::uint8_t wanted = wanted_spatial();
  const wire::FrameDependencies& frame = *packet.dependencies->frame;
  if (wanted == spatial_ || frame.temporal > 0) return;
  const auto indication = frame.indication(find_target(*packet.structure, wanted));
  if (indication == wire::Indication::not_present) return;
  if (!decodable)
    filter_.ask_for_key_frame();
  else if (indication == wire::Indication::switching)
    spatial_ = wanted;
}

// Which targets go on is told with the first frame that they are others in.
void DependencyProjection::announce_targets(const ParsedPacket& packet, std::int64_t number) {
  const wire::DependencyStructure& structure = *packet.structure;
  std::uint32_t shown = 0;
  for (std::size_t i = 0; i < structure.target_count; ++i)
    if (is_shown(structure.targets[i])) shown |= 1U << i;
  shown &= active_;
  if (shown == served_ && !packet.dependencies->active_targets) return;
  served_ = shown;
  telling_ = number;
}

// Lost and not yet arrived frames come, or the receiver asks for a key frame.
bool DependencyProjection::can_be_decoded(const wire::FrameDependencies& frame, std::int64_t number) const {
  return std::ranges::all_of(frame.references(), [&](std::uint16_t back) {
    const std::int64_t reference = number - back;
    if (reference < first()) return false;
    const Frame& known = frame_at(reference);
    return !known.is(reference) || known.accepted != 0;
  });
}

std::uint8_t DependencyProjection::wanted_spatial() const {
  const Layer target = *filter_.target();
  const std::uint8_t current = filter_.current().value_or(target.encoding);
  if (current == target.encoding) return std::min(target.spatial, top_);
  return current < target.encoding ? top_ : spatial_;
}

std::uint8_t DependencyProjection::wanted_temporal() const {
  const Layer target = *filter_.target();
  return filter_.current() == target.encoding ? target.temporal : kAllTemporal;
}

std::size_t DependencyProjection::find_target(const wire::DependencyStructure& structure,
                                              std::uint8_t spatial) const {
  const std::uint8_t temporal = wanted_temporal();
  std::size_t best = 0;
  int best_rank = -1;
  for (std::size_t i = 0; i < structure.target_count; ++i) {
    const auto& target = structure.targets[i];
    if (target.spatial > spatial || target.temporal > temporal) continue;
    const int rank = target.spatial * (kAllTemporal + 1) + target.temporal;
    if (rank <= best_rank) continue;
    best = i;
    best_rank = rank;
  }
  return best;
}

void DependencyProjection::place_frame(const ParsedPacket& packet, std::int64_t number,
                                       PacketNumbering::Place& place) const {
  const std::int64_t steps = number - newest_placed();
  place.frame = number;
  place.follows = steps == 0 ? Follows::same : steps == 1 ? Follows::next : Follows::other;
  place.starts = packet.dependencies->frame_start;
  place.ends = packet.dependencies->frame_end;
}

std::optional<CodecNumbers> DependencyProjection::renumber(const ParsedPacket& packet, std::int64_t number) {
  const bool tells = number == telling_ || packet.dependencies->active_targets;
  return wire::DependencyNumbers{
      .frame_number = static_cast<std::uint16_t>(packet.dependencies->frame_number + frame_offset_),
      .template_shift = template_shift_,
      .target_count = tells ? target_count_ : std::uint8_t{0},
      .active_targets = served_};
}

bool DependencyProjection::ends_picture(const ParsedPacket& packet) const {
  const wire::DependencyDescriptor& descriptor = *packet.dependencies;
  return packet.header.marker ||
         (descriptor.frame_end && descriptor.frame && descriptor.frame->spatial == spatial_);
}

void DependencyProjection::note(const CodecNumbers& numbers, StreamPosition& position) const {
  position.has_frames = true;
  position.frame_number = std::get<wire::DependencyNumbers>(numbers).frame_number;
  position.next_template = next_template_;
}

}  // namespace cloister::videobridge::media
