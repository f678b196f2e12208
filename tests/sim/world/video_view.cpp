#include "world/video_view.h"

#include <algorithm>

namespace cloister::sim {
namespace {

// As browsers do it, roughly: ask at once, then once per round trip.
constexpr Duration kRepeat = 100ms;
constexpr int kAttempts = 8;
constexpr std::size_t kMaxWanted = 300;
// Without a frame for so long, a key frame is asked for.
constexpr Duration kStalled = 300ms;
constexpr Duration kKeyRequestInterval = 200ms;

}  // namespace

void VideoView::on_packet(const wire::RtpHeader& header, TimePoint now) {
  ++packets_;
  const std::int64_t sequence = unwrapper_.unwrap(header.sequence);
  wanted_.erase(sequence);
  note_gap(sequence, now);
  for (const DecodedFrame& frame : assembler_.add(header, sequence, now)) {
    if (frames_++ == 0) first_frame_ = now;
    longest_freeze_ = std::max(longest_freeze_, now - last_frame_);
    last_frame_ = now;
    if (frame.key && frame.height != height_) reached_[frame.height] = now;
    height_ = frame.height;
  }
}

void VideoView::note_gap(std::int64_t sequence, TimePoint now) {
  if (highest_)
    for (std::int64_t number = *highest_ + 1; number < sequence; ++number)
      wanted_.emplace(number, Wanted{now, 0});
  while (wanted_.size() > kMaxWanted) wanted_.erase(wanted_.begin());
  highest_ = std::max(highest_.value_or(sequence), sequence);
}

std::vector<std::uint16_t> VideoView::missing(TimePoint now) {
  std::vector<std::uint16_t> out;
  for (auto& [number, wanted] : wanted_) {
    if (now < wanted.next) continue;
    wanted.next = now + kRepeat;
    ++wanted.attempts;
    out.push_back(static_cast<std::uint16_t>(number & 0xffff));
  }
  std::erase_if(wanted_, [](const auto& entry) { return entry.second.attempts > kAttempts; });
  return out;
}

bool VideoView::wants_key_frame(TimePoint now) {
  if (packets_ == 0 || now < next_key_request_) return false;
  if (!assembler_.needs_key_frame() && now - last_frame_ < kStalled) return false;
  assembler_.wait_for_key_frame();
  next_key_request_ = now + kKeyRequestInterval;
  return true;
}

std::optional<std::uint32_t> VideoView::highest_sequence() const {
  if (!highest_) return std::nullopt;
  return static_cast<std::uint32_t>(*highest_ & 0xffffffff);
}

std::optional<TimePoint> VideoView::reached(std::uint16_t height) const {
  const auto found = reached_.find(height);
  return found == reached_.end() ? std::nullopt : std::optional(found->second);
}

void VideoView::begin_anew() {
  assembler_ = {};
  unwrapper_ = {};
  highest_.reset();
  wanted_.clear();
}

void VideoView::forget(TimePoint now) {
  since_ = last_frame_ = now;
  first_frame_ = TimePoint::max();
  longest_freeze_ = {};
  frames_ = packets_ = 0;
  reached_.clear();
}

}  // namespace cloister::sim
