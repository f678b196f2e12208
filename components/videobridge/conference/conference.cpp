#include "videobridge/conference/conference.h"

#include <algorithm>
#include <unordered_set>

#include "base/assert.h"
#include "base/random.h"

namespace cloister::videobridge::conference {
namespace {

// ep-connection-status.check-interval
constexpr std::chrono::milliseconds kCheckInterval = 500ms;
// §12: a conference may be empty while it is young.
constexpr Duration kEmptyEnd = 20s;
constexpr std::size_t kIdLength = 20;

}  // namespace

Conference::Conference(const MeetingId& meeting, const ShardEnvironment& environment, Schedule& schedule,
                       Conference::Port& port, TimePoint now)
    : meeting_(meeting),
      id_(random_token(kIdLength)),
      environment_(environment),
      schedule_(schedule),
      port_(port),
      created_(now),
      feedback_audio_{random_u32() | 1U},
      feedback_video_{random_u32() & ~1U},
      distribution_(sources_, environment.settings, now),
      census_(environment.counters),
      next_check_(now + kCheckInterval) {
  environment_.counters.conferences_created.add();
  environment_.counters.conferences.add(1);
  mark_busy();
}

Conference::~Conference() {
  speech_order_ = {};  // nobody stays to hear who speaks next
  while (!relays_.empty()) remove_relay(*relays_.back(), created_);
  while (!endpoints_.empty()) remove_endpoint(*endpoints_.back(), created_);
  environment_.counters.conferences.add(-1);
  environment_.counters.conferences_completed.add();
}

Endpoint* Conference::find(std::string_view id) {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : found->second;
}

Endpoint& Conference::add_endpoint(EndpointConfig config, TimePoint now) {
  config.number = next_number_++;
  config.feedback_ssrc = feedback_video_;
  auto made =
      std::make_unique<Endpoint>(config, source_ids_, environment_, static_cast<Endpoint::Port&>(*this), now);
  Endpoint& endpoint = *made;
  const bool is_new = by_id_.emplace(endpoint.id().expose(), &endpoint).second;
  ASSERT(is_new);
  endpoints_.push_back(std::move(made));
  speech_order_.add(endpoint);
  environment_.counters.endpoints.add(1);
  environment_.counters.participants.add();
  if (endpoint.is_visitor()) environment_.counters.visitors.add();
  offer_all(endpoint, now);
  on_touched(endpoint);
  return endpoint;
}

void Conference::remove_endpoint(Endpoint& endpoint, TimePoint now) {
  flush(now);
  port_.on_endpoint_leaving(endpoint);
  fan_out_.forget(endpoint);
  for (const auto& source : endpoint.incoming().sources()) remove_source(*source);
  distribution_.forget(endpoint);
  if (endpoint.inactive()) environment_.counters.inactive_endpoints.add(-1);
  environment_.counters.endpoints.add(-1);
  std::erase(touched_, &endpoint);
  by_id_.erase(endpoint.id().expose());
  const auto leaving = std::ranges::find(endpoints_, &endpoint, &std::unique_ptr<Endpoint>::get);
  const std::unique_ptr<Endpoint> gone = std::move(*leaving);
  endpoints_.erase(leaving);
  forget_member(*gone);
}

// Somebody who has no sources any more and is heard of no longer.
void Conference::forget_member(Member& member) {
  dominant_speaker_.remove(member.activity());
  if (speech_order_.remove(member)) announce_dominant_speaker();
  note_chosen_audio();
  distribution_.mark_all();
  mark_busy();
}

void Conference::add_media(Endpoint& endpoint, std::span<const xmpp::colibri2::Media> media, TimePoint now) {
  endpoint.add_media(media);
  offer_all(endpoint, now);
  on_wishes_changed(endpoint);
}

void Conference::set_sources(Endpoint& endpoint, std::span<const media::SourceDescription> sources,
                             TimePoint now) {
  flush(now);
  apply(endpoint, endpoint.set_sources(sources), now);
}

void Conference::apply(Member& owner, const media::SourceChange& change, TimePoint now) {
  for (const auto& source : change.removed) remove_source(*source);
  for (media::Source* source : change.added) add_source(owner, *source, now);
  note_chosen_audio();
  distribution_.mark_all();
  mark_busy();
}

void Conference::add_source(Member& owner, media::Source& source, TimePoint now) {
  sources_.add(source, owner);
  if (owner.as_endpoint()) offer_to_relays(source);
  for (const auto& receiver : endpoints_) {
    if (receiver.get() == owner.as_endpoint()) continue;
    receiver->offer(source, now);
    on_touched(*receiver);
  }
  if (source.kind() == MediaKind::video) distribution_.announce(source);
}

void Conference::remove_source(const media::Source& source) {
  for (const auto& receiver : endpoints_) receiver->withdraw(source);
  for (const auto& relay : relays_) relay->sender().remove_source(source);
  distribution_.forget_source(source);
  loudest_.forget(raw(source.id()));
  sources_.remove(source);
}

void Conference::offer_all(Endpoint& receiver, TimePoint now) {
  sources_.for_each([&](media::Source& source, Member& owner) {
    if (owner.as_endpoint() != &receiver) receiver.offer(source, now);
  });
}

void Conference::on_wishes_changed(Endpoint& receiver) {
  distribution_.mark(receiver);
  mark_busy();
}

void Conference::on_limits_changed() {
  distribution_.mark_all();
  mark_busy();
}

void Conference::on_touched(Endpoint& endpoint) {
  if (endpoint.set_touched()) touched_.push_back(&endpoint);
  mark_busy();
}

void Conference::mark_busy() {
  if (!std::exchange(busy_, true)) port_.on_busy(*this);
}

// Relays first: what they take is on its way while the participants' packets are written.
void Conference::flush(TimePoint now) {
  for (const auto& relay : relays_) {
    if (!relay->is_secure() || fan_out_.empty()) continue;
    for (const media::ParsedPacket& packet : fan_out_.packets()) relay->sender().forward(packet, now);
    fan_out_.for_each_report(
        [&](const media::Source& source, std::uint8_t encoding, const wire::SenderReport& report) {
          relay->sender().on_sender_report(source, encoding, report, now);
        });
    on_relay_touched(*relay);
  }
  fan_out_.flush(*this, now);
}

void Conference::settle(TimePoint now) {
  flush(now);
  distribution_.run(speech_order_.all(), now);
  for (Endpoint* endpoint : touched_) {
    endpoint->clear_touched();
    schedule_.set(*endpoint, endpoint->next_wakeup());
  }
  touched_.clear();
  for (const auto& relay : relays_)
    if (relay->take_touched()) schedule_.set(*relay, relay->next_wakeup());
  const TimePoint next = std::min(next_check_, distribution_.next_due());
  schedule_.set(*this, earlier(next, dominant_speaker_.next_wakeup()));
  busy_ = false;
}

void Conference::on_due(TimePoint now) {
  if (dominant_speaker_.on_wakeup(now)) on_dominant_speaker();
  if (now >= next_check_) on_check(now);
  distribution_.on_due(now);
  mark_busy();
}

void Conference::on_media(Endpoint&, const media::ParsedPacket& packet) {
  fan_out_.add(packet);
  mark_busy();
}

void Conference::on_sender_report(Endpoint&, const media::Source& source, std::uint8_t encoding,
                                  const wire::SenderReport& report) {
  fan_out_.add(source, encoding, report);
  mark_busy();
}

void Conference::on_audio_level(Endpoint& speaker, std::uint8_t level, TimePoint now) {
  dominant_speaker_.on_level(speaker.activity(), level, now);
  mark_busy();
}

// Beyond the loudest: who is chosen by name; and who sends no levels, for there is nothing to compare.
bool Conference::is_heard(Endpoint& speaker, const media::Source& source, std::optional<std::uint8_t> level,
                          TimePoint now) {
  return is_heard(static_cast<Member&>(speaker), source, level, now);
}

bool Conference::is_heard(Member& speaker, const media::Source& source, std::optional<std::uint8_t> level,
                          TimePoint now) {
  if (!level) return true;
  const auto dominant = &speaker.activity() == dominant_speaker_.current() ? Dominant::yes : Dominant::no;
  if (loudest_.on_packet(raw(source.id()), *level, dominant, environment_.settings.loudest, now)) return true;
  return raw(source.id()) < chosen_audio_.size() && chosen_audio_[raw(source.id())];
}

void Conference::note_chosen_audio() {
  std::unordered_set<SourceName> names;
  for (const auto& endpoint : endpoints_)
    names.insert(endpoint->chosen_audio().begin(), endpoint->chosen_audio().end());
  chosen_audio_.clear();
  if (names.empty()) return;
  sources_.for_each([&](const media::Source& source, Member&) {
    if (raw(source.id()) >= chosen_audio_.size()) chosen_audio_.resize(raw(source.id()) + 1);
    chosen_audio_[raw(source.id())] = names.contains(source.name());
  });
}

void Conference::on_layers_changed() {
  distribution_.mark_all();
  mark_busy();
}

bool Conference::request_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) {
  Member* owner = sources_.find(source.id()).owner;
  if (!owner || !owner->ask_for_key_frame(source, encoding, now)) return false;
  environment_.counters.key_frame_requests_sent.add();
  return true;
}

void Conference::on_dominant_speaker() {
  const auto speaks = [&](Member* member) { return &member->activity() == dominant_speaker_.current(); };
  const auto speaker = std::ranges::find_if(speech_order_.all(), speaks);
  if (speaker == speech_order_.all().end()) return;
  speech_order_.on_dominant(**speaker);
  environment_.counters.dominant_speaker_changes.add();
  announce_dominant_speaker();
  distribution_.mark_all();
}

void Conference::on_check(TimePoint now) {
  next_check_ = now + kCheckInterval;
  std::vector<Endpoint*> expired;
  CensusCount count;
  for (const auto& endpoint : endpoints_) {
    check_connection(*endpoint, now);
    endpoint->check_channel(now);
    endpoint->tell_bandwidth(now);
    endpoint->collect_drops();
    endpoint->count_into(count, now);
    if (endpoint->is_expired(now)) expired.push_back(endpoint.get());
  }
  for (const auto& relay : relays_) check_relay(*relay, now);
  take_census(count);
  for (Endpoint* endpoint : expired) {
    environment_.counters.endpoints_expired.add();
    remove_endpoint(*endpoint, now);
  }
  if (endpoints_.empty() && now - created_ > kEmptyEnd) port_.on_over(*this);
}

void Conference::take_census(CensusCount& count) {
  const bool anybody_sends =
      count[Headcount::endpoints_sending_audio] + count[Headcount::endpoints_sending_video] > 0;
  count[Headcount::inactive_conferences] = anybody_sends ? 0 : 1;
  census_.show(count);
  environment_.counters.video_stream_milliseconds_received.add(
      static_cast<std::uint64_t>(count[Headcount::video_streams] * kCheckInterval.count()));
}

void Conference::check_connection(Endpoint& endpoint, TimePoint now) {
  const bool inactive = endpoint.is_silent(now);
  if (endpoint.is_visitor() || inactive == endpoint.inactive()) return;
  Counters& counters = environment_.counters;
  (inactive ? counters.endpoints_disconnected : counters.endpoints_reconnected).add();
  set_inactive(endpoint, inactive);
  send_to_relays(write_connectivity_status(endpoint.id(), !inactive));
}

void Conference::set_inactive(Member& member, bool inactive) {
  if (member.inactive() == inactive) return;
  member.set_inactive(inactive);
  environment_.counters.inactive_endpoints.add(inactive ? 1 : -1);
  send_to_all(write_connectivity_status(member.id(), !inactive));
}

}  // namespace cloister::videobridge::conference
