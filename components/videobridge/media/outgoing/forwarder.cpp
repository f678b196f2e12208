#include "videobridge/media/outgoing/forwarder.h"

#include "base/assert.h"
#include "videobridge/media/projection/dependency_projection.h"
#include "videobridge/media/projection/generic_projection.h"
#include "videobridge/media/projection/vp8_projection.h"
#include "videobridge/media/projection/vp9_projection.h"

namespace cloister::videobridge::media {

void Forwarder::attach(SendStream* stream) {
  if (stream == stream_) return;
  stream_ = stream;
  if (projection_ != nullptr) projection_->restart();
}

void Forwarder::set_target(std::optional<Layer> target) {
  target_ = target;
  if (!target) {
    projection_.reset();
    awaiting_codec_ = false;
  } else if (projection_ != nullptr) {
    projection_->set_target(target);
  }
}

Result<Rewrite, Drop> Forwarder::accept(const ParsedPacket& packet) {
  ASSERT(stream_ != nullptr);
  if (!target_) return fail(Drop::not_wanted);
  const Family family = family_of(packet);
  if (projection_ == nullptr || family != family_) {
    // Another codec enters with a key frame; until then this may as well be a late packet of the old one.
    if (projection_ != nullptr && packet.key_frames_known && !packet.key_frame) {
      awaiting_codec_ = true;
      return fail(Drop::awaiting_key_frame);
    }
    projection_ = make_projection(family);
    projection_->set_target(target_);
    family_ = family;
  }
  auto rewrite = projection_->accept(packet, stream_->position);
  if (rewrite) awaiting_codec_ = false;
  return rewrite;
}

Forwarder::Family Forwarder::family_of(const ParsedPacket& packet) {
  if (packet.vp8 && packet.vp8->picture_id) return Family::vp8;
  if (packet.vp9 && packet.vp9->picture_id) return Family::vp9;
  if (packet.dependencies) return Family::dependencies;
  return Family::generic;
}

std::unique_ptr<Projection> Forwarder::make_projection(Family family) {
  switch (family) {
    case Family::vp8: return std::make_unique<Vp8Projection>();
    case Family::vp9: return std::make_unique<Vp9Projection>();
    case Family::dependencies: return std::make_unique<DependencyProjection>();
    default: return std::make_unique<GenericProjection>();
  }
}

}  // namespace cloister::videobridge::media
