#include "videobridge/media/projection/quality_filter.h"

namespace cloister::videobridge::media {

void QualityFilter::set_target(std::optional<Layer> target) {
  if (!target) {
    restart();
  } else if (current_ && target->encoding != *current_ &&
             (!target_ || target_->encoding != target->encoding)) {
    needs_key_frame_ = true;
  } else if (current_ == target->encoding) {
    needs_key_frame_ = false;
  }
  target_ = target;
}

void QualityFilter::restart() {
  current_.reset();
  group_start_.reset();
  needs_key_frame_ = false;
}

bool QualityFilter::accept(Layer frame, FrameKind kind, TimePoint now) {
  if (!target_) return false;
  return kind == FrameKind::key ? accept_key(frame.encoding, now) : accept_delta(frame, now);
}

bool QualityFilter::accept_key(std::uint8_t encoding, TimePoint now) {
  needs_key_frame_ = false;
  const bool same_group = in_group(now);
  if (!same_group) group_start_ = now;
  // Dropping a key frame of what is shown would break all that follows it, even while a lower encoding is
  // wanted.
  if (current_ == encoding) return true;
  if (encoding > target_->encoding) return false;
  // Within a group only towards the target; a new group may begin lower: a poor picture is better than none.
  if (same_group && !leads_to_target(encoding)) return false;
  current_ = encoding;
  return true;
}

bool QualityFilter::accept_delta(Layer frame, TimePoint now) {
  if (current_ != frame.encoding) {
    if (!in_group(now) && leads_to_target(frame.encoding)) needs_key_frame_ = true;
    return false;
  }
  if (*current_ > target_->encoding) return frame.temporal == 0;
  if (*current_ < target_->encoding) return true;
  return frame.temporal <= target_->temporal;
}

// A step up that does not go too far, or a step down to where it should be.
bool QualityFilter::leads_to_target(std::uint8_t encoding) const {
  if (encoding > target_->encoding) return false;
  return !current_ || encoding > *current_ || *current_ > target_->encoding;
}

}  // namespace cloister::videobridge::media
