// Which frames of a source's encodings and temporal layers a receiver gets, for codecs with visible key
// frames (protocol/bridge.md §6.3). Knows nothing of packets and numbers.
#pragma once

#include <cstdint>
#include <optional>

#include "base/clock.h"
#include "videobridge/media/model/layer.h"

namespace cloister::videobridge::media {

enum class FrameKind : std::uint8_t { key, delta };

class QualityFilter {
public:
  // A sender makes the key frames of all its encodings together; what comes within this time belongs
  // together.
  static constexpr Duration kKeyFrameGroup = 300ms;

  void set_target(std::optional<Layer> target);
  // Nothing has been sent yet.
  void restart();
  // Decides about the first packet seen of a frame, and moves to another encoding where a key frame allows
  // it.
  bool accept(Layer frame, FrameKind kind, TimePoint now);
  // What is shown cannot go on.
  void ask_for_key_frame() { needs_key_frame_ = true; }

  std::optional<Layer> target() const { return target_; }
  std::optional<std::uint8_t> current() const { return current_; }
  bool needs_key_frame() const { return target_ && (needs_key_frame_ || !current_); }

private:
  bool accept_key(std::uint8_t encoding, TimePoint now);
  bool accept_delta(Layer frame, TimePoint now);
  bool leads_to_target(std::uint8_t encoding) const;
  bool in_group(TimePoint now) const { return group_start_ && now - *group_start_ <= kKeyFrameGroup; }

  std::optional<Layer> target_;
  std::optional<std::uint8_t> current_;
  std::optional<TimePoint> group_start_;
  bool needs_key_frame_ = false;
};

}  // namespace cloister::videobridge::media
