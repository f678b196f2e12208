// One source on its way to one receiver: which projection its packets go through, onto which outgoing stream.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "videobridge/media/outgoing/request_limit.h"
#include "videobridge/media/outgoing/send_stream.h"
#include "videobridge/media/projection/projection.h"

namespace cloister::videobridge::media {

class Forwarder {
public:
  explicit Forwarder(Source& source) : source_(source) {}

  Source& source() const { return source_; }

  // What was accepted last was not sent: the stream goes on with a key frame.
  void restart() {
    if (projection_ != nullptr) projection_->restart();
  }

  // The stream to send on, or none: SSRC rewriting without a slot. A change begins anew.
  void attach(SendStream* stream);
  SendStream* stream() const { return stream_; }

  void set_target(std::optional<Layer> target);
  std::optional<Layer> target() const { return target_; }

  // Decides and numbers. There must be a stream.
  Result<Rewrite, Drop> accept(const ParsedPacket& packet);
  bool needs_key_frame() const {
    return awaiting_codec_ || (projection_ != nullptr && projection_->needs_key_frame());
  }
  std::optional<std::uint8_t> current_encoding() const {
    return projection_ != nullptr ? projection_->current_encoding() : std::nullopt;
  }
  std::uint32_t timestamp_offset() const {
    return projection_ != nullptr ? projection_->timestamp_offset() : 0;
  }

  RequestLimit<3> receivers_requests{200ms, 10s};  // PLI and FIR of the receiver
  RequestLimit<10> repairs{1s, 10s};               // the same, after our packets were lost on the way to it
  RequestLimit<30> own_requests{200ms, 10s};       // for a switch of encoding; one takes two or three

private:
  // Whose rules a packet goes by (protocol/bridge.md §6.2).
  enum class Family : std::uint8_t { generic, vp8, vp9, dependencies };
  static Family family_of(const ParsedPacket& packet);
  static std::unique_ptr<Projection> make_projection(Family family);

  Source& source_;
  SendStream* stream_ = nullptr;
  std::optional<Layer> target_;
  // Of the codec in use; none while nothing is wanted, for a projection remembers kilobytes.
  std::unique_ptr<Projection> projection_;
  Family family_ = Family::generic;
  bool awaiting_codec_ = false;
};

}  // namespace cloister::videobridge::media
