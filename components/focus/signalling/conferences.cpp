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

EndpointId endpoint(const xmpp::Jid& occupant) { return EndpointId(std::string(occupant.resource())); }

}  // namespace

Conferences::Conferences(net::Reactor& reactor, xmpp::Session& session, room::Room::Environment environment,
                         ConferencesSettings settings)
    : reactor_(reactor),
      session_(session),
      environment_(std::move(environment)),
      settings_(std::move(settings)) {
  answer_requests_at(session_);
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

void Conferences::answer_requests_at(xmpp::Session& session) {
  session.router().on_iq<xmpp::ConferenceRequest>(
      [this](Iq<xmpp::ConferenceRequest> iq, Responder responder) {
        auto kept = std::make_shared<Responder>(std::move(responder));
        request(iq.payload, [kept](const Answer& answer) {
          if (answer)
            kept->reply(*answer);
          else
            kept->fail(answer.error());
        });
      });
}

void Conferences::request(const xmpp::ConferenceRequest& request, std::function<void(Answer)> done) {
  environment_.counters.conference_requests.add();
  if (!request.room || request.room->local().empty())
    return done(
        fail(xmpp::StanzaError{.condition = ErrorCondition::bad_request, .text = "No 'room' specified."}));
  if (request.room->domain() != settings_.muc_domain)
    return done(
        fail(xmpp::StanzaError{.condition = ErrorCondition::bad_request, .text = "No such room service."}));
  Entry* const entry = open(*request.room, request.properties);
  if (!entry) return done(answer(*request.room, false));
  if (entry->host->is_open()) return done(answer(*request.room, true));
  if (entry->waiting.size() >= kMaxWaiting) return done(answer(*request.room, false));
  entry->waiting.push_back(std::move(done));
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
  entry.host = std::make_unique<RoomHost>(reactor_, session_, environment_, room, properties, listener);
  return &entry;
}

Conferences::Answer Conferences::answer(const xmpp::Jid& room, bool ready) const {
  return xmpp::ConferenceAnswer{
      .room = room,
      .ready = ready,
      .focus_jid = session_.jid().bare(),
      .properties = {{"authentication", "false"}, {"visitors-supported", "false"}}
  };
}

void Conferences::answer_waiting(Entry& entry, const xmpp::Jid& room, bool ready) {
  for (const auto& done : std::exchange(entry.waiting, {})) done(answer(room, ready));
}

void Conferences::on_room_open(const xmpp::Jid& room) { answer_waiting(rooms_.at(room), room, true); }

void Conferences::on_room_over(const xmpp::Jid& room) {
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

void Conferences::drop_all() {
  auto rooms = std::exchange(rooms_, {});
  for (auto& [room, entry] : rooms) answer_waiting(entry, room, false);
}

void Conferences::stop_all() {
  for (auto& [room, entry] : rooms_) entry.host->stop();
}

}  // namespace cloister::focus::signalling
