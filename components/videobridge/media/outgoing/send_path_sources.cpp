// SendPath's slower half: which sources there are, and which slots they have.
#include <algorithm>
#include <array>

#include "videobridge/media/outgoing/send_path.h"

namespace cloister::videobridge::media {

namespace {

// How long a client takes from a source map until it plays a new SSRC (protocol/bridge.md §9), beyond the way
// there and back.
constexpr Duration kMapTime = 200ms;
constexpr Duration kAssumedRtt = 100ms;
constexpr Duration kLongQueue = 100ms;

}  // namespace

void SendPath::add_source(Source& source, TimePoint now) {
  if (find(source) != nullptr) return;
  if (raw(source.id()) >= lanes_.size()) lanes_.resize(raw(source.id()) + 1);
  auto& lane = lanes_[raw(source.id())];
  lane = std::make_unique<Lane>(source);
  Forwarder& forwarder = lane->forwarder;
  if (!config_.ssrc_rewriting) {
    lane->own_stream.emplace(source.primary_ssrc(), source.primary_rtx_ssrc(), source.kind());
    ended_.resume(*lane->own_stream);
    forwarder.attach(&*lane->own_stream);
  }
  if (source.kind() == MediaKind::video) return;
  forwarder.set_target(Layer{});
  // Told early, a client is ready when the first packet comes.
  if (!config_.ssrc_rewriting) return;
  if (Slot* slot = audio_slots_.find_free(video_slots_, usable_from(now))) lend(*slot, forwarder, now);
}

void SendPath::remove_source(const Source& source) {
  Forwarder* forwarder = find(source);
  if (forwarder == nullptr) return;
  if (forwarder->stream() != nullptr) pacer_.forget(*forwarder->stream());
  slots(source.kind()).release(*forwarder);
  auto& lane = lanes_[raw(source.id())];
  if (lane->own_stream) ended_.remember(*lane->own_stream);
  lane.reset();
}

void SendPath::set_target(const Source& source, std::optional<Layer> target) {
  Forwarder* forwarder = find(source);
  if (forwarder == nullptr) return;
  if (!target || is_worth_abandoning(*forwarder, *target)) abandon(*forwarder);
  forwarder->set_target(target);
}

// Behind a queue that stands, what leaves until the lower encoding's key frame comes would only make it
// longer.
bool SendPath::is_worth_abandoning(const Forwarder& forwarder, Layer target) {
  const auto shown = forwarder.current_encoding();
  return shown && *shown > target.encoding && downlink_.estimator() != nullptr &&
         downlink_.estimator()->queue() > kLongQueue;
}

void SendPath::abandon(Forwarder& forwarder) {
  SendStream* stream = forwarder.stream();
  if (stream == nullptr) return;
  pacer_.forget(*stream);
  stream->abandoned = stream->last_used;
  forwarder.restart();
}

void SendPath::set_video_slots(std::span<const Source* const> sources, TimePoint now) {
  if (!config_.ssrc_rewriting) return;
  sources = sources.first(std::min(sources.size(), config_.video_slots));
  std::vector<SlotMapping> changed;
  for (const Source* source : sources) {
    Forwarder* forwarder = find(*source);
    if (forwarder == nullptr || source->kind() != MediaKind::video || forwarder->stream() != nullptr)
      continue;
    Slot* slot = video_slots_.find_free(audio_slots_, usable_from(now));
    if (slot == nullptr) slot = video_slots_.find_oldest(sources);
    if (slot == nullptr) break;
    video_slots_.lend(*slot, *forwarder, now);
    changed.push_back(video_slots_.mapping(*slot));
  }
  if (!changed.empty()) conference_.on_slots_changed(MediaKind::video, changed);
}

// An audio source that speaks while all slots are lent takes the one that was silent longest.
bool SendPath::lend_audio_slot(Forwarder& forwarder, TimePoint now) {
  Slot* slot = audio_slots_.find_free(video_slots_, usable_from(now));
  if (slot == nullptr) slot = audio_slots_.find_oldest({});
  if (slot == nullptr) return false;
  lend(*slot, forwarder, now);
  return true;
}

void SendPath::lend(Slot& slot, Forwarder& forwarder, TimePoint now) {
  SlotTable& table = slots(forwarder.source().kind());
  table.lend(slot, forwarder, now);
  const std::array changed{table.mapping(slot)};
  conference_.on_slots_changed(forwarder.source().kind(), changed);
}

TimePoint SendPath::usable_from(TimePoint now) const { return now + rtt_.value_or(kAssumedRtt) + kMapTime; }

Forwarder* SendPath::find(const Source& source) const {
  const std::size_t index = raw(source.id());
  return index < lanes_.size() && lanes_[index] != nullptr ? &lanes_[index]->forwarder : nullptr;
}

Forwarder* SendPath::find(Ssrc sent) {
  if (Slot* slot = video_slots_.find(sent)) return slot->occupant;
  for (const auto& lane : lanes_)
    if (lane != nullptr && lane->own_stream && lane->own_stream->ssrc == sent) return &lane->forwarder;
  return nullptr;
}

SendStream* SendPath::find_stream(Ssrc sent) {
  if (Slot* slot = video_slots_.find(sent)) return &slot->stream;
  for (const auto& lane : lanes_)
    if (lane != nullptr && lane->own_stream && lane->own_stream->ssrc == sent) return &*lane->own_stream;
  return nullptr;
}

}  // namespace cloister::videobridge::media
