// What comes and goes over the bridge channels (protocol/bridge.md §8).
#include <algorithm>
#include <utility>

#include "videobridge/conference/conference.h"

namespace cloister::videobridge::conference {
namespace {

// stats-filter-threshold: in larger conferences statistics go only where somebody looks at their sender.
constexpr std::size_t kStatsFilterThreshold = 20;

}  // namespace

// In the order of importance to somebody who comes, or comes back (§8.4). The greeting of a WebSocket has
// gone before.
void Conference::on_channel_open(Endpoint& endpoint, TimePoint now) {
  endpoint.set_maps(Endpoint::Maps::quiet);
  offer_all(endpoint, now);
  endpoint.set_maps(Endpoint::Maps::told);
  for (const auto& source : endpoint.incoming().sources()) {
    if (source->kind() != MediaKind::video) continue;
    endpoint.send(write_sender_source_constraints(source->name(), distribution_.max_height(*source)));
  }
  endpoint.send_what_is_forwarded();
  send_dominant_speaker(endpoint);
  for (const Member* other : speech_order_.all()) {
    if (other->inactive()) endpoint.send(write_connectivity_status(other->id(), false));
  }
  on_wishes_changed(endpoint);
}

void Conference::on_message(Endpoint& sender, ClientMessage message, TimePoint now) {
  std::visit([&](auto&& value) { handle(sender, std::forward<decltype(value)>(value), now); },
             std::move(message));
}

void Conference::handle(Endpoint& sender, ClientHello, TimePoint) { sender.send(write_server_hello()); }

void Conference::handle(Endpoint& sender, ReceiverVideoConstraints message, TimePoint) {
  bandwidth::apply(std::move(message), sender.settings());
  on_wishes_changed(sender);
}

void Conference::handle(Endpoint& sender, LastNChangedEvent message, TimePoint) {
  sender.settings().last_n = message.last_n;
  on_wishes_changed(sender);
}

void Conference::handle(Endpoint& sender, ReceiverAudioSubscription message, TimePoint now) {
  sender.subscribe(std::move(message));
  note_chosen_audio();
  offer_all(sender, now);
  on_touched(sender);
}

void Conference::handle(Endpoint& sender, SourceVideoTypeMessage message, TimePoint) {
  send_to_relays(write_source_video_type(sender.id(), message.source, message.type));
  if (!sender.set_video_type(message.source, message.type)) return;
  distribution_.mark_all();
  mark_busy();
}

void Conference::handle(Endpoint& sender, VideoTypeMessage message, TimePoint now) {
  const auto sources = sender.incoming().sources();
  const auto video =
      std::ranges::find_if(sources, [](const auto& source) { return source->kind() == MediaKind::video; });
  // Not signalled yet: the name that the first video source of a participant has.
  SourceName name = video != sources.end() ? (*video)->name() : SourceName(sender.id().expose() + "-v0");
  handle(sender, SourceVideoTypeMessage{std::move(name), message.type}, now);
}

void Conference::handle(Endpoint& sender, EndpointMessage message, TimePoint) {
  Endpoint* receiver = find(message.to.expose());
  Relay* far = receiver ? nullptr : find_relay_to(message.to);
  const bool to_all = message.to.expose().empty();
  if (sender.is_visitor() || (!to_all && !receiver && !far)) {
    environment_.counters.message_drops.add(MessageDrop::refused);
    return;
  }
  std::string text = write_endpoint_message(std::move(message.fields), sender.id());
  if (receiver) return receiver->send(std::move(text));
  if (far) return far->send(text);
  for (const auto& other : endpoints_) {
    if (other.get() != &sender) other->send(text);
  }
  send_to_relays(text);
}

void Conference::handle(Endpoint& sender, EndpointStats message, TimePoint) {
  const std::string text = write_endpoint_message(std::move(message.fields), sender.id());
  for (const auto& other : endpoints_) {
    if (other.get() != &sender && is_interested(*other, sender)) other->send(text);
  }
  if (!sender.is_visitor()) send_to_relays(text);  // visitors are unknown there
}

bool Conference::is_interested(const Endpoint& receiver, const Member& sender) const {
  if (speech_order_.all().size() <= kStatsFilterThreshold || receiver.watches(sender.number())) return true;
  return std::ranges::find(speech_order_.recent(), &sender) != speech_order_.recent().end();
}

void Conference::send_to_all(const std::string& message) {
  for (const auto& endpoint : endpoints_) endpoint->send(message);
}

void Conference::send_dominant_speaker(Endpoint& receiver) {
  const std::span<Member* const> recent = speech_order_.recent();
  if (recent.empty()) return;
  std::vector<const EndpointId*> previous;
  for (const Member* member : recent.subspan(1)) previous.push_back(&member->id());
  receiver.send(write_dominant_speaker(recent.front()->id(), previous));
}

void Conference::announce_dominant_speaker() {
  for (const auto& endpoint : endpoints_) send_dominant_speaker(*endpoint);
}

}  // namespace cloister::videobridge::conference
