#include "videobridge/media/outgoing/forwarder.h"

#include "base/assert.h"

namespace cloister::videobridge::media {

Forwarder::Forwarder(Source& source) : source_(source) {
  if (source.kind() == MediaKind::video) vp8_ = std::make_unique<Vp8Projection>();
}

void Forwarder::attach(SendStream* stream) {
  if (stream == stream_) return;
  stream_ = stream;
  projection_->restart();
}

void Forwarder::set_target(std::optional<Layer> target) {
  target_ = target;
  projection_->set_target(target);
}

Result<Rewrite, Drop> Forwarder::accept(const ParsedPacket& packet) {
  ASSERT(stream_ != nullptr);
  Projection& projection = projection_for(packet);
  if (&projection != projection_) {
    // Another codec: the stream goes on under its rules, with the next key frame.
    projection_ = &projection;
    projection.restart();
    projection.set_target(target_);
  }
  return projection.accept(packet, stream_->position);
}

Projection& Forwarder::projection_for(const ParsedPacket& packet) {
  if (packet.vp8 && packet.vp8->picture_id && vp8_ != nullptr) return *vp8_;
  return generic_;
}

}  // namespace cloister::videobridge::media
