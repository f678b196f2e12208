#include "videobridge/conference/relay/relay.h"

#include <algorithm>
#include <utility>

#include "videobridge/transport/ice/candidates.h"

namespace cloister::videobridge::conference {
namespace {

// ep-connection-status.max-inactivity-limit, of all behind it at once.
constexpr Duration kSilent = 8s;
constexpr std::size_t kMaxEarly = 200;

void add_difference(const media::DropCounts& now, media::DropCounts& before, Counters& counters) {
  for (std::size_t i = 0; i < media::kDropReasons; ++i) {
    const auto reason = static_cast<media::Drop>(i);
    if (now[reason] != before[reason]) counters.media_drops[i].add(now[reason] - before[reason]);
  }
  before = now;
}

// Bridges reach each other inside a data centre, too: private addresses are told.
std::vector<transport::Candidate> candidates_of(const RelayConfig& config,
                                                const ShardEnvironment& environment) {
  const auto& ours = config.port ? config.port->candidates() : environment.candidates;
  return transport::candidates_for(ours, transport::PrivateAddresses::told);
}

}  // namespace

void RelayedMember::list_sources(std::vector<media::Source*>& to) const {
  to.insert(to.end(), sources_.begin(), sources_.end());
}

bool RelayedMember::ask_for_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) {
  return relay_.ask_for_key_frame(source, encoding, now);
}

void RelayedMember::limit_height(const media::Source& source, int max_height) {
  relay_.send(write_add_receiver(relay_.our_id(), source.name(), max_height));
}

Relay::Relay(RelayConfig config, media::SourceIds& source_ids, const ShardEnvironment& environment,
             Port& port, TimePoint now)
    : config_(std::move(config)),
      environment_(environment),
      port_(port),
      now_(now),
      transport_(*this,
                 transport::TransportSettings{.controlling = config_.ice_controlling,
                                              .setup = transport::Setup::actpass,
                                              .data_channel = true,
                                              .opens_channel = config_.opens_channel},
                 candidates_of(config_, environment), environment.certificates.current(now),
                 environment.outbox, environment.transport_drops, *this),
      // Silence was taken out where it was said.
      incoming_({.local_ssrc = config_.feedback_ssrc, .discard_silence = false}, EndpointId(), source_ids,
                *this),
      sender_(*this) {
  environment_.peers.add(transport_);
  environment_.counters.relays.add(1);
  environment_.counters.relays_created.add();
}

Relay::~Relay() {
  environment_.peers.remove(transport_);
  collect_drops();
  environment_.counters.relays.add(-1);
}

void Relay::add_media(std::span<const xmpp::colibri2::Media> media) {
  for (const xmpp::colibri2::Media& entry : media) negotiated_.add(entry);
  transport_.set_encrypted_extensions(negotiated_.encrypted_extensions);
  incoming_.set_payload_types(negotiated_.payloads);
  incoming_.set_extensions(negotiated_.extensions);
  sender_.set_payload_types(negotiated_.payloads);
  sender_.set_extensions(negotiated_.extensions);
}

RelayedMember* Relay::find(const EndpointId& id) const {
  const auto found = std::ranges::find_if(members_, [&](const auto& member) { return member->id() == id; });
  return found == members_.end() ? nullptr : found->get();
}

RelayedMember& Relay::add_member(const EndpointId& id, std::uint32_t number) {
  environment_.counters.relayed_endpoints.add(1);
  return *members_.emplace_back(std::make_unique<RelayedMember>(*this, id, number));
}

media::SourceChange Relay::set_sources(RelayedMember& member, std::vector<media::SourceDescription> sources) {
  member.signalled_ = std::move(sources);
  for (media::SourceDescription& source : member.signalled_) source.owner = member.id();
  return apply_sources();
}

// The list of all, with what living sources show already.
media::SourceChange Relay::apply_sources() {
  std::vector<media::SourceDescription> all;
  for (const auto& member : members_)
    all.insert(all.end(), member->signalled_.begin(), member->signalled_.end());
  for (const auto& source : incoming_.sources()) {
    const auto same = std::ranges::find(all, source->name(), &media::SourceDescription::name);
    if (same != all.end() && same->owner == source->owner()) same->video_type = source->video_type();
  }
  media::SourceChange change = incoming_.set_sources(all);
  video_types_.apply(change.added);
  for (const auto& member : members_) member->sources_.clear();
  for (const auto& source : incoming_.sources())
    if (RelayedMember* owner = find(source->owner())) owner->sources_.push_back(source.get());
  return change;
}

void Relay::remove_member(RelayedMember& member) {
  if (member.inactive()) environment_.counters.inactive_endpoints.add(-1);
  environment_.counters.relayed_endpoints.add(-1);
  std::erase_if(members_, [&](const auto& entry) { return entry.get() == &member; });
}

bool Relay::set_video_type(const RelayedVideoType& told) {
  media::Source* source = incoming_.find_source(told.message.source);
  if (source != nullptr && source->owner() != told.owner) return false;
  return video_types_.set(source, told.message.source, told.message.type);
}

void Relay::remember(const SourceName& source, int max_height) {
  if (early_heights_.size() < kMaxEarly) early_heights_[source] = max_height;
}

std::optional<int> Relay::take_remembered(const SourceName& source) {
  const auto early = early_heights_.extract(source);
  return early ? std::optional(early.mapped()) : std::nullopt;
}

bool Relay::ask_for_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) {
  if (!incoming_.request_key_frame(source, encoding, now)) return false;
  touch();
  return true;
}

void Relay::send(const std::string& message) {
  if (!transport_.is_channel_open()) return;
  if (transport_.send_channel_message(message)) environment_.counters.relay_messages_sent.add();
  touch();
}

bool Relay::is_silent(TimePoint now) const {
  return was_secure_ && now - transport_.last_activity() > kSilent;
}

void Relay::collect_drops() {
  add_difference(incoming_.drops(), collected_in_, environment_.counters);
  add_difference(sender_.drops(), collected_out_, environment_.counters);
}

std::optional<TimePoint> Relay::next_wakeup() const {
  return earlier(transport_.next_wakeup(), earlier(incoming_.next_wakeup(), sender_.next_wakeup()));
}

void Relay::on_due(TimePoint now) {
  now_ = now;
  const auto is_due = [now](std::optional<TimePoint> due) { return due && *due <= now; };
  if (is_due(transport_.next_wakeup())) transport_.on_wakeup(now);
  if (is_due(incoming_.next_wakeup())) incoming_.on_wakeup(now, *this);
  sender_.on_wakeup(now);
  touch();
}

void Relay::on_rtp(net::Packet packet, TimePoint arrived) {
  now_ = arrived;
  Counters& counters = environment_.counters;
  counters.packets_received_relay.add();
  counters.bytes_received_relay.add(packet.size());
  incoming_.on_rtp(std::move(packet), arrived, *this);
}

void Relay::on_rtcp(MutableBytes compound, TimePoint arrived) {
  now_ = arrived;
  environment_.counters.packets_received_relay.add();
  environment_.counters.bytes_received_relay.add(compound.size());
  incoming_.on_rtcp(compound, arrived, *this);
}

void Relay::on_secure(TimePoint now) {
  now_ = now;
  was_secure_ = true;
  if (const auto rtt = transport_.rtt()) sender_.assume_rtt(*rtt);
}

void Relay::on_channel_open(TimePoint) { port_.on_relay_open(*this); }

void Relay::on_channel_message(std::string_view text, TimePoint now) {
  now_ = now;
  environment_.counters.relay_messages_received.add();
  auto message = parse_relay_message(text);
  if (message) return port_.on_relay_message(*this, std::move(*message), now);
  const bool unknown = message.error() == MessageError::unknown_class;
  environment_.counters.message_drops.add(unknown ? MessageDrop::unknown : MessageDrop::malformed);
}

// The focus notices by itself and makes another one, or moves the participants.
void Relay::on_transport_failed(transport::TransportFailure reason, TimePoint) {
  using transport::TransportFailure;
  if (reason == TransportFailure::ice_timed_out) environment_.counters.relays_ice_failed.add();
  if (reason == TransportFailure::dtls_failed) environment_.counters.dtls_failed_relays.add();
}

void Relay::commit_rtp(std::size_t length) {
  count_sent(length);
  transport_.commit_rtp(length);
}

void Relay::commit_rtcp(std::size_t length) {
  count_sent(length);
  transport_.commit_rtcp(length);
}

void Relay::count_sent(std::size_t length) {
  environment_.counters.packets_sent_relay.add();
  environment_.counters.bytes_sent_relay.add(length);
}

void Relay::on_key_frame_request(Ssrc media) {
  if (const auto target = sender_.find(media))
    port_.request_key_frame(*target->source, target->encoding, now_);
}

}  // namespace cloister::videobridge::conference
