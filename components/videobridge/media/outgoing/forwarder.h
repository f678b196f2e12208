// One source on its way to one receiver: which projection its packets go through, onto which outgoing stream.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "videobridge/media/outgoing/request_limit.h"
#include "videobridge/media/outgoing/send_stream.h"
#include "videobridge/media/projection/generic_projection.h"
#include "videobridge/media/projection/vp8_projection.h"

namespace cloister::videobridge::media {

class Forwarder {
public:
  explicit Forwarder(Source& source);

  Source& source() const { return source_; }

  // The stream to send on, or none: SSRC rewriting without a slot. A change begins anew.
  void attach(SendStream* stream);
  SendStream* stream() const { return stream_; }

  void set_target(std::optional<Layer> target);
  std::optional<Layer> target() const { return target_; }

  // Decides and numbers. There must be a stream.
  Result<Rewrite, Drop> accept(const ParsedPacket& packet);
  bool needs_key_frame() const { return projection_->needs_key_frame(); }
  std::optional<std::uint8_t> current_encoding() const { return projection_->current_encoding(); }
  std::uint32_t timestamp_offset() const { return projection_->timestamp_offset(); }

  RequestLimit<3> receivers_requests{200ms, 10s};  // PLI and FIR of the receiver
  RequestLimit<30> own_requests{200ms, 10s};       // for a switch of encoding; one takes two or three

private:
  Projection& projection_for(const ParsedPacket& packet);

  Source& source_;
  SendStream* stream_ = nullptr;
  std::optional<Layer> target_;
  GenericProjection generic_;
  std::unique_ptr<Vp8Projection> vp8_;  // video only
  Projection* projection_ = &generic_;
};

}  // namespace cloister::videobridge::media
