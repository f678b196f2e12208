#include "videobridge/media/outgoing/pacer.h"

#include <algorithm>

#include "videobridge/bandwidth/estimation/outcome.h"

namespace cloister::videobridge::media {
namespace {

using bandwidth::estimation::bytes_in;
using bandwidth::estimation::scaled;

constexpr double kFaster = 2.5;
// A frame of 30 a second, and a little for uneven ones.
constexpr Duration kBurst = 40ms;
constexpr std::int64_t kLeastBurst = 2'500;
constexpr Duration kLongestDebt = 1s;
constexpr double kRepeatShare = 0.3;
constexpr Duration kRepeatWindow = 500ms;

}  // namespace

void Pacer::set_rate(std::int64_t rate) {
  rate_ = std::max<std::int64_t>(scaled(rate, kFaster), 1);
  burst_ = std::max(bytes_in(rate, kBurst), kLeastBurst);
  repeat_rate_ = scaled(rate, kRepeatShare);
}

bool Pacer::may_repeat(std::size_t bytes, TimePoint now) {
  if (!is_on()) return true;
  const Duration time = std::min<Duration>(now - refilled_, kRepeatWindow);
  const std::int64_t most = std::max(bytes_in(repeat_rate_, kRepeatWindow), kLeastBurst);
  repeats_ = std::min(repeats_ + bytes_in(repeat_rate_, time), most);
  refilled_ = now;
  if (repeats_ < static_cast<std::int64_t>(bytes)) return false;
  repeats_ -= static_cast<std::int64_t>(bytes);
  return true;
}

std::int64_t Pacer::debt(TimePoint now) const {
  const Duration time = std::min<Duration>(now - paid_, kLongestDebt);
  return std::max<std::int64_t>(debt_ - bytes_in(rate_, time), 0);
}

void Pacer::on_sent(std::size_t bytes, TimePoint now) {
  if (!is_on()) return;
  debt_ = debt(now) + static_cast<std::int64_t>(bytes);
  paid_ = now;
}

bool Pacer::push(SendStream& stream, std::uint16_t sequence, TimePoint now) {
  if (count_ == kPackets) return false;
  if (count_ > 0 && now - ring_[first_].since > kLongestWait) return false;
  if (count_ == ring_.size()) grow();
  ring_[(first_ + count_++) % ring_.size()] = {&stream, sequence, now};
  if (!due_) due_ = now + kStep;
  return true;
}

void Pacer::grow() {
  std::rotate(ring_.begin(), ring_.begin() + static_cast<std::ptrdiff_t>(first_), ring_.end());
  first_ = 0;
  ring_.resize(std::clamp(2 * ring_.size(), kFewest, kPackets));
}

std::optional<Pacer::Waiting> Pacer::pop(TimePoint now) {
  if (count_ > 0 && debt(now) > burst_) {
    due_ = now + kStep;
    return std::nullopt;
  }
  return take();
}

std::optional<Pacer::Waiting> Pacer::take() {
  if (count_ == 0) {
    due_.reset();
    return std::nullopt;
  }
  const Waiting next = ring_[first_];
  first_ = (first_ + 1) % ring_.size();
  --count_;
  return next;
}

void Pacer::forget(const SendStream& stream) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < count_; ++i) {
    const Waiting entry = ring_[(first_ + i) % ring_.size()];
    if (entry.stream != &stream) ring_[(first_ + kept++) % ring_.size()] = entry;
  }
  count_ = kept;
}

}  // namespace cloister::videobridge::media
