#include "focus/signalling/room_host.h"

#include <algorithm>

#include "base/random.h"

namespace cloister::focus::signalling {
namespace {

constexpr Duration kDiscoveryTimeout = 10s;  // then the client is taken for a plain one
constexpr std::size_t kMaxMeetingId = 128;

}  // namespace

RoomHost::RoomHost(net::Reactor& reactor, xmpp::Session& session, const room::Room::Environment& environment,
                   xmpp::Jid room, room::RequestProperties properties, Listener& listener,
                   std::optional<xmpp::Jid> main_room)
    : reactor_(reactor),
      session_(session),
      jid_(std::move(room)),
      clock_(environment.clock),
      listener_(listener),
      main_room_(std::move(main_room)),
      begins_with_lobby_(properties.contains("lobby") && properties.at("lobby") == "true"),
      timer_(reactor),
      room_(environment, jid_, session.jid(), std::move(properties), *this),
      crowd_settings_(environment.settings.crowd) {
  join();
}

// Entering: join → whois=anyone → open (checklist 54 to 58)

void RoomHost::join() {
  ++joins_;
  xmpp::MucRoom::Listener& listener = *this;
  muc_ = std::make_unique<xmpp::MucRoom>(reactor_, session_, jid_.with_resource("focus"), listener);
  muc_->join({});
}

void RoomHost::on_joined(const xmpp::MucPresence&) {
  muc_->fetch_configuration(later<Result<xmpp::DataForm, xmpp::StanzaError>>([this](auto form) {
    if (over_) return;
    form ? on_configuration(*form) : stop();
  }));
}

void RoomHost::on_configuration(const xmpp::DataForm& form) {
  std::string meeting(form.value("muc#roominfo_meetingId"));
  if (meeting.empty() || meeting.size() > kMaxMeetingId || !listener_.is_free(MeetingId(meeting)))
    meeting = random_uuid();
  meeting_ = MeetingId(std::move(meeting));
  // Clients know the focus by its real address, so everybody must see it.
  xmpp::DataForm wanted = form;
  wanted.set("muc#roomconfig_whois", "anyone");
  if (main_room_) wanted.set("muc#roominfo_breakout_main_room", main_room_->text_for_wire());
  if (begins_with_lobby_) wanted.set("muc#roomconfig_membersonly", "1");
  muc_->submit_configuration(wanted, later<Result<xmpp::Empty, xmpp::StanzaError>>([this](auto done) {
                               if (over_) return;
                               if (!done) return stop();
                               room_.on_joined(meeting_);
                               if (!over_) listener_.on_room_open(jid_);
                             }));
}

void RoomHost::on_join_failed(const xmpp::StanzaError&) {
  if (joins_ >= kJoinTries || !session_.online()) return stop();
  // The failed attempt is still on the stack.
  reactor_.post(later<>([this] {
    if (!over_) join();
  }));
}

void RoomHost::on_occupant(const xmpp::MucPresence& presence) {
  if (presence.error) return;
  listener_.on_occupant(jid_, presence);
  room_.on_occupant(presence);
  arm();
}

void RoomHost::on_self(const xmpp::MucPresence& self) { room_.on_self(self); }
void RoomHost::on_removed(const xmpp::MucPresence&) { room_.on_removed(); }

// From Conferences

void RoomHost::on_request() {
  room_.on_request();
  arm();
}

room::Calls::Answer RoomHost::on_jingle(const EndpointId& from, const xmpp::jingle::Jingle& jingle) {
  auto answer = room_.on_jingle(from, jingle);
  arm();
  return answer;
}

room::Calls::Answer RoomHost::on_mute(const EndpointId& from, const xmpp::Mute& mute) {
  return room_.on_mute(from, mute);
}

void RoomHost::on_bridge_available() {
  room_.calls().on_bridge_available();
  arm();
}

void RoomHost::on_bridge_lost(const xmpp::Jid& bridge) {
  room_.calls().on_bridge_lost(bridge);
  arm();
}

bool RoomHost::move_off(const xmpp::Jid& bridge) {
  const bool moved = room_.calls().move_off(bridge);
  arm();
  return moved;
}

void RoomHost::stop() { room_.stop(); }

// The lobby, as a host switches it on; then nobody enters whom no one admits.
void RoomHost::on_crowd(const xmpp::Crowd& crowd) {
  const bool stormed = room_.on_crowd(crowd);
  arm();
  if (!stormed) return;
  xmpp::DataForm form{.type = "submit", .fields = {}};
  form.set("FORM_TYPE", "http://jabber.org/protocol/muc#roomconfig");
  form.set("muc#roomconfig_membersonly", "1");
  muc_->submit_configuration(form, [](const Result<xmpp::Empty, xmpp::StanzaError>&) {});
  if (crowd_settings_.ban == Duration{}) return;
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(crowd_settings_.window).count();
  session_.ask_for<xmpp::CrowdSources>(
      jid_,
      xmpp::CrowdSourcesQuery{.joins = static_cast<std::uint32_t>(crowd_settings_.ban_joins),
                              .seconds = static_cast<std::uint32_t>(seconds)},
      later<Result<xmpp::CrowdSources, xmpp::StanzaError>>([this](auto sources) {
        if (sources && !sources->addresses.empty()) listener_.on_stormed(std::move(sources->addresses));
      }));
}

void RoomHost::appoint(const xmpp::Jid& bare, std::function<void()> done) {
  if (appointed_.contains(bare)) return done();
  muc_->grant(bare, xmpp::Affiliation::owner,
              [this, alive = std::weak_ptr(alive_), bare,
               done = std::move(done)](const Result<xmpp::Empty, xmpp::StanzaError>& answer) {
                if (answer && !alive.expired()) appointed_.insert(bare);
                done();
              });
}

// From services

void RoomHost::restrain(const std::map<EndpointId, room::MaySend>& members) { room_.restrain(members); }

void RoomHost::ask_to_mute(const EndpointId& member, xmpp::Mute::What what) {
  room_.ask_to_mute(member, what);
}

void RoomHost::set_start_muted(const room::PerKind& kinds) {
  room_.calls().start_muted.audio = kinds.audio;
  room_.calls().start_muted.video = kinds.video;
}

room::Calls::Answer RoomHost::change_policy(const EndpointId& by,
                                            const std::map<std::string, bool>& switches) {
  auto answer = room_.change_policy(by, switches);
  if (answer) listener_.on_policy(jid_);
  return answer;
}

void RoomHost::keep(room::Kept kept) {
  room_.keep(kept);
  arm();
}

// The server tells us, as everybody, that we are out; that ends the conference.
void RoomHost::destroy(std::string reason, std::optional<xmpp::Jid> alternative) {
  if (muc_ && !over_) muc_->destroy(std::move(reason), std::move(alternative));
}

// From the room

void RoomHost::discover(const EndpointId& client, room::RequestId request) {
  session_.ask_for<xmpp::DiscoInfo>(
      occupant(client), xmpp::DiscoInfoQuery{},
      later<Result<xmpp::DiscoInfo, xmpp::StanzaError>>([this, client, request](const auto& info) {
        room_.on_discovered(client, request, info ? &*info : nullptr);
      }),
      kDiscoveryTimeout);
}

void RoomHost::send(const EndpointId& client, const xmpp::jingle::Jingle& jingle) {
  session_.ask(occupant(client), jingle,
               later<xmpp::Session::Answer>([this, client, sid = jingle.sid,
                                             action = jingle.action](const xmpp::Session::Answer& answer) {
                 if (!answer) room_.calls().on_jingle_answer(client, sid, action, answer.error());
               }));
}

void RoomHost::modify(const xmpp::Jid& bridge, const xmpp::colibri2::ConferenceModify& modify,
                      room::RequestId request) {
  session_.ask_for<xmpp::colibri2::ConferenceModified>(
      bridge, modify, later<room::Calls::BridgeAnswer>([this, request](const auto& answer) {
        room_.calls().on_bridge_answer(request, answer);
      }));
}

void RoomHost::publish(const xmpp::MucSelfPresence& presence) { muc_->publish(presence); }

void RoomHost::grant_owner(const EndpointId& member, const xmpp::Jid& bare) {
  muc_->grant(bare, xmpp::Affiliation::owner,
              later<Result<xmpp::Empty, xmpp::StanzaError>>([this, member](const auto& done) {
                if (!done) room_.on_grant_refused(member);
              }));
}

void RoomHost::send_mute(const EndpointId& member, const xmpp::Mute& mute) {
  session_.ask(occupant(member), mute, [](const xmpp::Session::Answer&) {});
}

void RoomHost::on_over() {
  over_ = true;
  timer_.cancel();
  if (muc_ && room_.was_left_by_its_hosts())
    muc_->destroy("The meeting has been terminated", {});
  else if (muc_)
    muc_->leave();
  listener_.on_room_over(jid_);
}

void RoomHost::arm() {
  const auto wakeup = over_ ? std::nullopt : room_.next_wakeup();
  if (!wakeup) return timer_.cancel();
  timer_.start(std::max<Duration>(*wakeup - clock_.now(), Duration(0)), [this] {
    room_.on_wakeup();
    arm();
  });
}

}  // namespace cloister::focus::signalling
