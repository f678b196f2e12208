#include "videobridge/conference/distribution.h"

#include <algorithm>

namespace cloister::videobridge::conference {
namespace {

// The work of one run grows with the square of the participants. So does the pause after it: a crowd that
// keeps changing its mind costs a bounded share of the thread.
constexpr Duration kPausePerPair = 1us;
constexpr Duration kLongestPause = 100ms;

std::size_t layers_of(const media::Source& source) {
  int layers = 0;
  for (std::uint8_t encoding = 0; encoding < source.encodings().size(); ++encoding)
    layers += source.spatial_layers(encoding) * source.temporal_layers(encoding);
  return static_cast<std::size_t>(layers);
}

}  // namespace

void Distribution::mark(Endpoint& receiver) {
  if (std::ranges::find(marked_, &receiver) == marked_.end()) marked_.push_back(&receiver);
}

void Distribution::forget(Endpoint& receiver) {
  std::erase(marked_, &receiver);
  constraints_.forget_receiver(receiver.number(), to_tell_);
}

TimePoint Distribution::next_due() const {
  if (!is_marked()) return last_run_ + kRefresh;
  const auto pairs = static_cast<Duration::rep>(receivers_ * receivers_);
  return last_run_ + std::min(kPausePerPair * pairs, kLongestPause);
}

void Distribution::run(std::span<Member* const> by_speech_order, TimePoint now) {
  if (!is_marked() || now < next_due()) return;
  last_run_ = now;
  receivers_ = by_speech_order.size();
  offer_sources(by_speech_order, now);
  if (all_) {
    for (Member* member : by_speech_order)
      if (Endpoint* receiver = member->as_endpoint()) serve(*receiver, now);
  } else {
    for (Endpoint* receiver : marked_) serve(*receiver, now);
  }
  all_ = false;
  marked_.clear();
  tell_senders();
}

void Distribution::offer_sources(std::span<Member* const> by_speech_order, TimePoint now) {
  offered_.clear();
  layers_.clear();
  std::size_t count = 0;
  sources_.for_each([&](const media::Source& source, Member&) {
    if (source.kind() == MediaKind::video) count += layers_of(source);
  });
  // Room for all, so that the spans stay valid while it fills.
  layers_.reserve(count);
  for (const Member* owner : by_speech_order) {
    listed_.clear();
    owner->list_sources(listed_);
    for (const media::Source* source : listed_) {
      if (source->kind() == MediaKind::video) offer(*owner, *source, now);
    }
  }
}

void Distribution::offer(const Member& owner, const media::Source& source, TimePoint now) {
  const std::size_t first = layers_.size();
  for (std::uint8_t encoding = 0; encoding < source.encodings().size(); ++encoding) {
    for (std::uint8_t spatial = 0; spatial < source.spatial_layers(encoding); ++spatial) {
      for (std::uint8_t temporal = 0; temporal < source.temporal_layers(encoding); ++temporal) {
        const media::Layer layer{.encoding = encoding, .spatial = spatial, .temporal = temporal};
        layers_.push_back({.index = layer.index(),
                           .height = source.height(encoding, spatial),
                           .frame_rate = source.frame_rate(layer),
                           .bitrate = source.bitrate(layer, now)});
      }
    }
  }
  offered_.push_back({.id = source.id(),
                      .name = &source.name(),
                      .owner = owner.number(),
                      .type = source.video_type(),
                      .layers = std::span(layers_).subspan(first)});
}

void Distribution::serve(Endpoint& receiver, TimePoint now) {
  if (!receiver.accepts_video()) return;
  const bandwidth::Allocation allocation = bandwidth::allocate(
      {.by_speech_order = offered_,
       .receiver = receiver.number(),
       .settings = receiver.settings(),
       .last_n = bandwidth::effective_last_n(receiver.settings().last_n, settings_.limits(receivers_)),
       .bandwidth = receiver.bandwidth(now)});
  receiver.apply(allocation, sources_, now);
  constraints_.vote(receiver.number(), allocation.sources, to_tell_);
}

void Distribution::tell_senders() {
  std::ranges::sort(to_tell_);
  to_tell_.erase(std::unique(to_tell_.begin(), to_tell_.end()), to_tell_.end());
  for (const media::SourceId id : to_tell_) {
    const SourceTable::Entry entry = sources_.find(id);
    if (entry.source) entry.owner->limit_height(*entry.source, constraints_.max_height(id));
  }
  to_tell_.clear();
}

}  // namespace cloister::videobridge::conference
