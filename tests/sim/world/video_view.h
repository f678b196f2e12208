// One participant's view of another one's video: asks again for what is missing, for a key frame when nothing
// else helps, and remembers how it looked.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "world/frame_assembler.h"

namespace cloister::sim {

class VideoView {
public:
  explicit VideoView(TimePoint now) : since_(now), last_frame_(now) {}

  // SSRC 0: nothing.
  void watch(Ssrc media, Ssrc rtx) {
    media_ = media;
    rtx_ = rtx;
  }

  Ssrc media_ssrc() const { return media_; }
  Ssrc rtx_ssrc() const { return rtx_; }

  // Media, or the packet inside a retransmission.
  void on_packet(const wire::RtpHeader& header, TimePoint now);
  // Sequence numbers to ask for now.
  std::vector<std::uint16_t> missing(TimePoint now);
  bool wants_key_frame(TimePoint now);
  std::optional<std::uint32_t> highest_sequence() const;

  // How it looked since the beginning or the last forget().
  std::size_t frames() const { return frames_; }
  std::uint16_t height() const { return height_; }
  // Between two frames, or from the last one to now.
  Duration longest_freeze(TimePoint now) const { return std::max(longest_freeze_, now - last_frame_); }
  Duration time_to_first_frame() const { return first_frame_ - since_; }
  std::optional<TimePoint> reached(std::uint16_t height) const;
  int contradictions() const { return assembler_.contradictions(); }
  std::size_t packets() const { return packets_; }
  void forget(TimePoint now);
  // On another connection numbers say nothing of earlier ones.
  void begin_anew();

private:
  struct Wanted {
    TimePoint next;
    int attempts = 0;
  };
  void note_gap(std::int64_t sequence, TimePoint now);

  Ssrc media_{};
  Ssrc rtx_{};
  FrameAssembler assembler_;
  SequenceUnwrapper unwrapper_;
  std::optional<std::int64_t> highest_;
  std::map<std::int64_t, Wanted> wanted_;
  TimePoint next_key_request_{};

  TimePoint since_;
  TimePoint last_frame_;
  TimePoint first_frame_ = TimePoint::max();
  Duration longest_freeze_{};
  std::size_t frames_ = 0;
  std::size_t packets_ = 0;
  std::uint16_t height_ = 0;
  std::map<std::uint16_t, TimePoint> reached_;
};

}  // namespace cloister::sim
