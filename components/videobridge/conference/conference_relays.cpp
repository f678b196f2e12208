// What the conference has to do with other bridges (protocol/bridge.md §11).
#include <algorithm>
#include <utility>

#include "videobridge/conference/conference.h"

namespace cloister::videobridge::conference {

Relay* Conference::find_relay(std::string_view id) {
  const auto found = std::ranges::find_if(relays_, [&](const auto& relay) { return relay->id() == id; });
  return found == relays_.end() ? nullptr : found->get();
}

Relay* Conference::find_relay_to(const EndpointId& id) const {
  const auto found = std::ranges::find_if(relays_, [&](const auto& relay) { return relay->find(id); });
  return found == relays_.end() ? nullptr : found->get();
}

Relay& Conference::add_relay(RelayConfig config, TimePoint now) {
  config.number = next_number_++;
  config.feedback_ssrc = feedback_video_;
  auto& relay = *relays_.emplace_back(std::make_unique<Relay>(std::move(config), source_ids_, environment_,
                                                              static_cast<Relay::Port&>(*this), now));
  sources_.for_each([&](media::Source& source, Member& owner) {
    if (owner.as_endpoint()) relay.sender().add_source(source);
  });
  on_relay_touched(relay);
  return relay;
}

void Conference::remove_relay(Relay& relay, TimePoint now) {
  while (!relay.members().empty()) remove_relayed(relay, relay.members().back()->id(), now);
  flush(now);
  distribution_.forget_bridge(relay.number());
  std::erase_if(relays_, [&](const auto& entry) { return entry.get() == &relay; });
  mark_busy();
}

void Conference::set_relayed(Relay& relay, const EndpointId& id,
                             const std::optional<std::vector<media::SourceDescription>>& sources,
                             TimePoint now) {
  flush(now);
  RelayedMember* member = relay.find(id);
  if (!member) {
    member = &relay.add_member(id, next_number_++);
    speech_order_.add(*member);
  }
  if (sources) apply(*member, relay.set_sources(*member, *sources), now);
  distribution_.mark_all();
  mark_busy();
}

void Conference::remove_relayed(Relay& relay, const EndpointId& id, TimePoint now) {
  RelayedMember* member = relay.find(id);
  if (!member) return;
  flush(now);
  apply(*member, relay.set_sources(*member, {}), now);
  forget_member(*member);
  relay.remove_member(*member);
}

void Conference::offer_to_relays(media::Source& source) {
  for (const auto& relay : relays_) {
    relay->sender().add_source(source);
    if (const auto height = relay->take_remembered(source.name())) vote(*relay, source, *height);
  }
}

void Conference::on_relay_touched(Relay& relay) {
  relay.set_touched();
  mark_busy();
}

void Conference::on_relayed_media(const media::ParsedPacket& packet) {
  fan_out_.add(packet);
  mark_busy();
}

void Conference::on_relayed_report(const media::Source& source, std::uint8_t encoding,
                                   const wire::SenderReport& report) {
  fan_out_.add(source, encoding, report);
  mark_busy();
}

void Conference::on_relayed_level(const media::Source& source, std::uint8_t level, TimePoint now) {
  dominant_speaker_.on_level(sources_.find(source.id()).owner->activity(), level, now);
  mark_busy();
}

bool Conference::is_relayed_heard(const media::Source& source, std::optional<std::uint8_t> level,
                                  TimePoint now) {
  return is_heard(*sources_.find(source.id()).owner, source, level, now);
}

// A silent path says nothing of the other bridge's participants but that nobody here can reach them.
void Conference::check_relay(Relay& relay, TimePoint now) {
  relay.collect_drops();
  const bool silent = relay.is_silent(now);
  for (const auto& member : relay.members()) set_inactive(*member, silent || member->is_lost_there());
}

void Conference::send_to_relays(const std::string& message) {
  for (const auto& relay : relays_) relay->send(message);
}

// What the other bridge cannot know from signalling, and what we want of it.
void Conference::on_relay_open(Relay& relay) {
  for (const auto& member : relay.members()) {
    std::vector<media::Source*> sources;
    member->list_sources(sources);
    for (const media::Source* source : sources)
      if (source->kind() == MediaKind::video)
        member->limit_height(*source, distribution_.max_height(*source));
  }
  for (const auto& endpoint : endpoints_) {
    for (const auto& source : endpoint->incoming().sources())
      if (source->kind() == MediaKind::video && source->video_type() != media::VideoType::camera)
        relay.send(write_source_video_type(endpoint->id(), source->name(), source->video_type()));
    if (endpoint->inactive()) relay.send(write_connectivity_status(endpoint->id(), false));
  }
}

void Conference::on_relay_message(Relay& relay, RelayMessage message, TimePoint now) {
  std::visit([&](auto&& value) { handle(relay, std::forward<decltype(value)>(value), now); },
             std::move(message));
}

void Conference::handle(Relay&, const RelayHello&, TimePoint) {}

void Conference::handle(Relay& relay, const AddReceiver& message, TimePoint) {
  const int height = message.constraints.is_none() ? 0 : message.constraints.max_height;
  for (const auto& endpoint : endpoints_)
    if (const media::Source* source = endpoint->incoming().find_source(message.source))
      return vote(relay, *source, height);
  relay.remember(message.source, height);
}

void Conference::handle(Relay& relay, const RemoveReceiver& message, TimePoint) {
  Endpoint* endpoint = find(message.endpoint.expose());
  if (!endpoint) return;
  for (const auto& source : endpoint->incoming().sources()) vote(relay, *source, 0);
}

void Conference::vote(Relay& relay, const media::Source& source, int max_height) {
  if (source.kind() != MediaKind::video) return;
  relay.sender().set_max_height(source, max_height);
  distribution_.vote(relay.number(), source, max_height);
  mark_busy();
}

void Conference::handle(Relay& relay, const RelayedVideoType& message, TimePoint) {
  if (!relay.set_video_type(message)) return;
  distribution_.mark_all();
  mark_busy();
}

void Conference::handle(Relay& relay, const ConnectivityStatus& message, TimePoint) {
  RelayedMember* member = relay.find(message.endpoint);
  if (!member) return;
  member->set_lost_there(!message.active);
  set_inactive(*member, !message.active);
}

// Only for those behind it a bridge may speak; and what it says is for this one's participants, never for a
// third bridge, which hears it directly.
void Conference::handle(Relay& relay, RelayedMessage message, TimePoint) {
  const RelayedMember* sender = relay.find(message.from);
  const bool to_all = message.message.to.expose().empty();
  Endpoint* receiver = find(message.message.to.expose());
  if (!sender || (!to_all && !receiver)) {
    environment_.counters.message_drops.add(MessageDrop::refused);
    return;
  }
  std::string text = write_endpoint_message(std::move(message.message.fields), sender->id());
  to_all ? send_to_all(text) : receiver->send(std::move(text));
}

void Conference::handle(Relay& relay, RelayedStats message, TimePoint) {
  const RelayedMember* sender = relay.find(message.from);
  if (!sender) return environment_.counters.message_drops.add(MessageDrop::refused);
  const std::string text = write_endpoint_message(std::move(message.message.fields), sender->id());
  for (const auto& endpoint : endpoints_)
    if (is_interested(*endpoint, *sender)) endpoint->send(text);
}

}  // namespace cloister::videobridge::conference
