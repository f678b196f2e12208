#include "focus/signalling/conferences.h"

#include <algorithm>

namespace cloister::focus::signalling {

using xmpp::ErrorCondition;
using xmpp::Iq;
using xmpp::Responder;

namespace {

void give(Responder& responder, const room::Calls::Answer& answer) {
  if (answer)
    responder.reply();
  else
    responder.fail(answer.error());
}

// Who hosts the meeting hosts its breakout rooms, and it is the meeting that ends without hosts.
room::RoomSettings of_breakout_rooms(room::RoomSettings settings) {
  settings.auto_owner = false;
  settings.hosts.when_gone = rights::WhenGone::stay;
  return settings;
}

EndpointId endpoint(const xmpp::Jid& occupant) { return EndpointId(std::string(occupant.resource())); }

}  // namespace

Conferences::Conferences(net::Reactor& reactor, xmpp::Session& session, room::Room::Environment environment,
                         ConferencesSettings settings)
    : reactor_(reactor),
      session_(session),
      environment_(std::move(environment)),
      settings_(std::move(settings)),
      breakout_settings_(of_breakout_rooms(environment_.settings)),
      sessions_({.host_domain = settings_.host_domain, .life = settings_.hosts.session_life},
                environment_.clock) {
  answer_requests_at(session_);
  hear_of_crowds();
  session_.router().on_iq<xmpp::jingle::Jingle>([this](Iq<xmpp::jingle::Jingle> iq, Responder responder) {
    RoomHost* const host = find(iq.from.bare());
    if (!host) return responder.fail({.condition = ErrorCondition::bad_request, .text = "Unknown session."});
    const auto answer = host->on_jingle(endpoint(iq.from), iq.payload);
    if (!answer) environment_.counters.jingle_refused.add();
    give(responder, answer);
  });
  session_.router().on_iq<xmpp::Mute>([this](Iq<xmpp::Mute> iq, Responder responder) {
    RoomHost* const host = find(iq.from.bare());
    if (!host) return responder.fail({.condition = ErrorCondition::item_not_found});
    const auto answer = host->on_mute(endpoint(iq.from), iq.payload);
    (answer ? environment_.counters.mutes : environment_.counters.mutes_refused).add();
    give(responder, answer);
  });
}

// From a room itself, which nobody but our module at the server speaks for.
void Conferences::hear_of_crowds() {
  session_.router().on_iq<xmpp::Crowd>([this](Iq<xmpp::Crowd> iq, Responder responder) {
    RoomHost* const host = iq.from.is_bare() ? find(iq.from) : nullptr;
    if (!host) return responder.fail({.condition = ErrorCondition::item_not_found});
    host->on_crowd(iq.payload);
    responder.reply();
  });
}

void Conferences::answer_requests_at(xmpp::Session& session) {
  session.router().on_iq<xmpp::ConferenceRequest>(
      [this](Iq<xmpp::ConferenceRequest> iq, Responder responder) {
        auto kept = std::make_shared<Responder>(std::move(responder));
        request(iq.payload, iq.from, [kept](const Answer& answer) {
          if (answer)
            kept->reply(*answer);
          else
            kept->fail(answer.error());
        });
      });
  answer_logins_at(session);
}

void Conferences::answer_logins_at(xmpp::Session& session) {
  session.router().on_iq<xmpp::Logout>([this](Iq<xmpp::Logout> iq, Responder responder) {
    if (sessions_.end(iq.payload.session_id)) return responder.reply();
    responder.fail({.condition = ErrorCondition::not_acceptable, .session_invalid = true});
  });
  session.router().on_iq<xmpp::LoginUrlQuery>([](Iq<xmpp::LoginUrlQuery> iq, Responder responder) {
    if (iq.payload.machine_uid.expose().empty())
      return responder.fail({.condition = ErrorCondition::bad_request});
    if (!iq.payload.room) return responder.fail({.condition = ErrorCondition::not_acceptable});
    responder.reply(xmpp::LoginUrl{.room = *iq.payload.room});
  });
}

void Conferences::request(const xmpp::ConferenceRequest& request, const std::optional<xmpp::Jid>& from,
                          std::function<void(Answer)> done) {
  environment_.counters.conference_requests.add();
  if (!request.room || request.room->local().empty())
    return done(
        fail(xmpp::StanzaError{.condition = ErrorCondition::bad_request, .text = "No 'room' specified."}));
  const std::optional<xmpp::Jid> main = main_room_of(*request.room);
  if (request.room->domain() != settings_.muc_domain && !main)
    return done(
        fail(xmpp::StanzaError{.condition = ErrorCondition::bad_request, .text = "No such room service."}));
  Asker asker{.from = from, .identity = {}, .done = std::move(done)};
  if (settings_.hosts.required) {
    auto identity = sessions_.identify(request, from);
    if (!identity) return asker.done(fail(std::move(identity.error())));
    asker.identity = std::move(*identity);
    // The same for a name that is free, kept for somebody, or of a meeting that has ended.
    if (!asker.identity && !is_running(main.value_or(*request.room)))
      return asker.done(fail(xmpp::StanzaError{.condition = ErrorCondition::not_authorized,
                                               .text = "not authorized user domain"}));
  }
  Entry* const entry = open(*request.room, request.properties);
  if (!entry) return asker.done(answer(*request.room, false));
  if (entry->host->is_open()) return let_in(*entry, *request.room, asker);
  if (entry->waiting.size() >= kMaxWaiting) return asker.done(answer(*request.room, false));
  entry->waiting.push_back(std::move(asker));
}

bool Conferences::is_running(const xmpp::Jid& room) const {
  const auto found = rooms_.find(room);
  return found != rooms_.end() && !found->second.host->is_over();
}

void Conferences::let_in(Entry& entry, const xmpp::Jid& room, const Asker& asker) {
  const Answer ready = answer(room, true, asker.identity);
  RoomHost* const meeting = entry.host->main_room() ? find(*entry.host->main_room()) : entry.host.get();
  if (!asker.identity || !asker.from || !meeting || !meeting->claim(asker.identity->account))
    return asker.done(ready);
  // Before the host enters: it is not to stand in its own lobby.
  entry.host->appoint(asker.from->bare(), [done = asker.done, ready] { done(ready); });
}

Conferences::Entry* Conferences::open(const xmpp::Jid& room, const room::RequestProperties& properties) {
  forget(room);  // when it is over, but still on its way out
  if (const auto found = rooms_.find(room); found != rooms_.end()) {
    found->second.host->on_request();
    return &found->second;
  }
  if (!session_.online() || rooms_.size() >= settings_.max_conferences) return nullptr;
  RoomHost::Listener& listener = *this;
  Entry& entry = rooms_[room];
  const std::optional<xmpp::Jid> main = main_room_of(room);
  const room::Room::Environment environment{.settings = main ? breakout_settings_ : environment_.settings,
                                            .bridges = environment_.bridges,
                                            .features = environment_.features,
                                            .clock = environment_.clock,
                                            .counters = environment_.counters,
                                            .caps = environment_.caps};
  entry.host = std::make_unique<RoomHost>(reactor_, session_, environment, room, properties, listener, main);
  if (RoomHost* const meeting = main ? find(*main) : nullptr) entry.host->adopt(meeting->policy());
  if (watcher_) watcher_->on_room(room, *entry.host);
  return &entry;
}

// What people may do counts in the meeting's breakout rooms, too.
void Conferences::on_policy(const xmpp::Jid& room) {
  const rights::Policy& policy = find(room)->policy();
  for (auto& [jid, entry] : rooms_)
    if (entry.host->main_room() == room) entry.host->adopt(policy);
}

Conferences::Answer Conferences::answer(const xmpp::Jid& room, bool ready, const Identity& identity) const {
  xmpp::ConferenceAnswer answer{
      .room = room,
      .ready = ready,
      .focus_jid = session_.jid().bare(),
      .properties = {{"authentication", settings_.hosts.required ? "true" : "false"},
                     {"visitors-supported", "false"}}
  };
  if (settings_.hosts.required) answer.properties["externalAuth"] = "false";
  if (!identity) return answer;
  answer.session_id = identity->session_id;
  answer.identity = Personal<std::string>(identity->account.text_for_wire());
  return answer;
}

void Conferences::answer_waiting(Entry& entry, const xmpp::Jid& room, bool ready) {
  for (const Asker& asker : std::exchange(entry.waiting, {}))
    ready ? let_in(entry, room, asker) : asker.done(answer(room, false));
}

std::optional<xmpp::Jid> Conferences::main_room_of(const xmpp::Jid& room) const {
  return watcher_ ? watcher_->main_room_of(room) : std::nullopt;
}

void Conferences::on_room_open(const xmpp::Jid& room) {
  if (watcher_) watcher_->on_room_open(room);
  answer_waiting(rooms_.at(room), room, true);
}

// The room may be older than this process. Whoever leads it when we come is its host still, and nobody else
// becomes one by asking first.
void Conferences::remember_host(const xmpp::Jid& room, const xmpp::MucPresence& presence) {
  RoomHost* const host = find(room);
  if (host && !host->is_open() && presence.affiliation == xmpp::Affiliation::owner && presence.real_jid &&
      presence.real_jid->domain() == settings_.host_domain)
    host->claim(presence.real_jid->bare());
}

void Conferences::on_occupant(const xmpp::Jid& room, const xmpp::MucPresence& presence) {
  remember_host(room, presence);
  if (watcher_) watcher_->on_occupant(room, presence);
}

void Conferences::on_room_over(const xmpp::Jid& room) {
  if (watcher_) watcher_->on_room_over(room);
  answer_waiting(rooms_.at(room), room, false);
  reactor_.post([this, alive = std::weak_ptr(alive_), room] {
    if (!alive.expired()) forget(room);
  });
}

void Conferences::forget(const xmpp::Jid& room) {
  const auto found = rooms_.find(room);
  if (found != rooms_.end() && found->second.host->is_over()) rooms_.erase(found);
}

bool Conferences::is_free(const MeetingId& meeting) {
  return std::ranges::none_of(rooms_,
                              [&](const auto& entry) { return entry.second.host->meeting() == meeting; });
}

RoomHost* Conferences::find(const xmpp::Jid& room) {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : found->second.host.get();
}

void Conferences::on_bridge_available() {
  for (auto& [room, entry] : rooms_) entry.host->on_bridge_available();
}

void Conferences::on_bridge_lost(const xmpp::Jid& bridge) {
  for (auto& [room, entry] : rooms_) entry.host->on_bridge_lost(bridge);
}

bool Conferences::move_one_off(const xmpp::Jid& bridge) {
  std::vector<RoomHost*> hosts;
  for (const auto& [room, entry] : rooms_) hosts.push_back(entry.host.get());
  std::ranges::sort(hosts, std::greater{}, &RoomHost::size);
  return std::ranges::any_of(hosts, [&bridge](RoomHost* host) { return host->move_off(bridge); });
}

std::vector<std::size_t> Conferences::sizes() const {
  std::vector<std::size_t> sizes;
  for (const auto& [room, entry] : rooms_) sizes.push_back(entry.host->size());
  return sizes;
}

void Conferences::drop_all() {
  if (watcher_) watcher_->on_all_dropped();
  auto rooms = std::exchange(rooms_, {});
  for (auto& [room, entry] : rooms) answer_waiting(entry, room, false);
}

void Conferences::stop_all() {
  for (auto& [room, entry] : rooms_) entry.host->stop();
}

}  // namespace cloister::focus::signalling
