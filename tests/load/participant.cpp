#include "load/participant.h"

#include <fmt/core.h>

#include <boost/json.hpp>

#include "base/random.h"
#include "videobridge/conference/colibri/transport_description.h"
#include "xmpp/xml/disco_xml.h"
#include "xmpp/xml/jingle_xml.h"
#include "xmpp/xml/muc_xml.h"
#include "xmpp/xml/namespaces.h"
#include "xmpp/xml/stanzas_xml.h"

namespace cloister::load {
namespace {

namespace xml = xmpp::xml;
using videobridge::transport::TransportFailure;
using xmpp::ErrorCondition;

constexpr const char* kNode = "https://cloister.invalid/load";
constexpr Duration kLongestRetry = 8s;
constexpr Duration kAskAgain = 2s;  // whether the host has come

const xmpp::DiscoInfo& about_us(bool data_channel) {
  static const auto make = [](bool data) {
    xmpp::DiscoInfo info;
    info.identities = {
        {.category = "client", .type = "bot", .name = "cloister-load"}
    };
    info.features = {"http://jabber.org/protocol/disco#info",
                     "http://jitsi.org/json-encoded-sources",
                     "http://jitsi.org/remb",
                     "http://jitsi.org/tcc",
                     "urn:ietf:rfc:4588",
                     "urn:ietf:rfc:5761",
                     "urn:ietf:rfc:5888",
                     "urn:xmpp:jingle:apps:dtls:0",
                     "urn:xmpp:jingle:apps:rtp:audio",
                     "urn:xmpp:jingle:apps:rtp:video",
                     "urn:xmpp:jingle:transports:ice-udp:1"};
    if (data) info.features.emplace_back("urn:xmpp:jingle:transports:dtls-sctp:1");
    return info;
  };
  static const xmpp::DiscoInfo with = make(true);
  static const xmpp::DiscoInfo without = make(false);
  return data_channel ? with : without;
}

Ssrc random_ssrc() { return Ssrc{random_u32() | 1U}; }

const char* sentence(TransportFailure why) {
  switch (why) {
    case TransportFailure::ice_timed_out: return "no way to the bridge was found";
    case TransportFailure::consent_expired: return "the bridge fell silent";
    case TransportFailure::dtls_failed: return "the handshake with the bridge failed";
    case TransportFailure::dtls_closed: return "the bridge ended the media session";
  }
  return "";
}

std::string refusal(const xmpp::StanzaError& error) {
  if (error.origin == xmpp::StanzaError::Origin::timeout) return "nobody answered in time";
  switch (error.condition) {
    case ErrorCondition::not_authorized: return "only a host who has signed in can start this meeting";
    case ErrorCondition::not_allowed: return "the room is not started";
    case ErrorCondition::registration_required: return "the room has a lobby";
    case ErrorCondition::service_unavailable: return "the server says: service unavailable";
    default: return "the server refused" + (error.text.empty() ? "" : ": " + error.text);
  }
}

}  // namespace

Participant::Participant(const Plan& plan, const Ground& ground, Role role)
    : plan_(plan),
      ground_(ground),
      role_(role),
      began_(SteadyClock().now()),
      guest_(ground.reactor, plan.server, plan.trust, plan.room, role.hosts ? &*plan.host : nullptr, *this),
      retry_(ground.reactor) {
  if (role_.talks) as_.audio = random_ssrc();
  for (int i = 0; i < role_.layers; ++i) as_.video.push_back({random_ssrc(), random_ssrc()});
}

Participant::~Participant() { leave(); }

void Participant::on_online() {
  as_.endpoint = EndpointId(std::string(guest_.jid().local().substr(0, 8)));
  state_ = State::asking;
  ask_for_conference();
}

void Participant::ask_for_conference() {
  const auto room = xmpp::Jid::parse(plan_.room + "@" + plan_.server.room_domain);
  if (!room) return fail("the room's name is none");
  occupant_ = room->with_resource(as_.endpoint.expose());
  const xmpp::ConferenceRequest request{.room = *room, .machine_uid = Personal(random_token(32))};
  guest_.ask(plan_.server.focus, "set", xml::write_request(request),
             [this](const Guest::Answer& answer) { on_conference(answer); });
}

void Participant::on_conference(const Guest::Answer& answer) {
  if (!answer && answer.error().condition == ErrorCondition::not_authorized && may_wait())
    return wait_for_host();
  if (!answer) return fail("the conference: " + refusal(answer.error()));
  const Element* conference = answer->find("conference", xml::ns::kFocus);
  if (conference && conference->flag_or("ready", false)) return enter();
  if (retry_after_ > kLongestRetry) return fail("the focus is not ready");
  retry_.start(retry_after_, [this] { ask_for_conference(); });
  retry_after_ *= 2;
}

bool Participant::may_wait() {
  const TimePoint now = SteadyClock().now();
  if (!outside_since_) outside_since_ = now;
  return now - *outside_since_ < plan_.wait;
}

void Participant::wait_for_host() {
  state_ = State::outside;
  retry_.start(kAskAgain, [this] { ask_for_conference(); });
}

void Participant::knock(const std::string& lobby) {
  const auto room = xmpp::Jid::parse(lobby);
  if (!room) return fail("the lobby has no address");
  state_ = State::outside;
  in_lobby_ = room->with_resource(as_.endpoint.expose());
  guest_.send(first_presence(in_lobby_));
}

void Participant::on_lobby(const xmpp::MucPresence& presence) {
  if (presence.available || state_ != State::outside) return;
  if (presence.destroyed) return enter();  // it was switched off
  fail("turned away at the lobby");
}

void Participant::enter() {
  state_ = State::entering;
  guest_.send(first_presence(occupant_));
}

void Participant::on_removed() {
  hang_up();
  errors_.emplace_back("removed from the room");
  if (plan_.come_again && !std::exchange(was_removed_, true)) return enter();
  end();
}

// With what a browser's first presence says (client.md §7).
xml::Element Participant::first_presence(const xmpp::Jid& occupant) const {
  xmpp::MucSelfPresence content;
  content.caps = make_caps(kNode, about_us(plan_.data_channel));
  Element presence = xml::write_muc_presence(occupant, xml::PresenceKind::join, content, std::nullopt);
  const std::string& id = as_.endpoint.expose();
  presence.add("stats-id").text = id;
  presence.add("nick", "http://jabber.org/protocol/nick").text =
      fmt::format("{} {}", plan_.name, role_.number);
  presence.add("jitsi_participant_codecList").text = "vp8";
  presence.add("SourceInfo").text = fmt::format(R"({{"{}-a0":{{"muted":{}}},"{}-v0":{{"muted":{}}}}})", id,
                                                !role_.talks, id, role_.layers == 0);
  return presence;
}

// Ours, refusals, and who leaves. An address of ours in the room ends with the nickname.
bool Participant::wants_presence(std::string_view text) const {
  const std::string nickname = fmt::format("/{}", occupant_.resource());
  return text.find(nickname) != text.npos || text.find(" type=") != text.npos;
}

void Participant::on_presence(const Element& element) {
  const auto presence = xml::parse_muc_presence(element);
  if (!presence) return;
  if (presence->error) {
    const Element* lobby = element.find("lobbyroom");
    if (lobby && state_ == State::entering && may_wait()) return knock(lobby->text);
    return fail("entering the room: " + refusal(*presence->error));
  }
  if (presence->occupant == in_lobby_) return on_lobby(*presence);
  if (presence->occupant == occupant_) {
    if (!presence->available && state_ != State::over) return on_removed();
    if (state_ == State::entering) state_ = State::waiting;
    return;
  }
  if (!presence->available && media_) media_->reception().forget(presence->nick);
}

// The host lets in by an invitation.
void Participant::on_message(const Element& message) {
  const Element* said = message.find("x", xml::ns::kMucUser);
  if (state_ == State::outside && said && said->find("invite") &&
      message.attribute("from") == occupant_.bare().text_for_wire())
    enter();
}

void Participant::on_request(const Element& iq) {
  const xmpp::IqType type = iq.attribute("type") == "get" ? xmpp::IqType::get : xmpp::IqType::set;
  if (iq.children.empty()) return guest_.refuse(iq, {.condition = ErrorCondition::bad_request});
  const auto request = xml::parse_request(iq.children.front(), type);
  if (!request) return guest_.refuse(iq, request.error());
  if (const auto* jingle = std::get_if<xmpp::jingle::Jingle>(&*request)) return on_jingle(iq, *jingle);
  if (const auto* question = std::get_if<xmpp::DiscoInfoQuery>(&*request)) {
    xmpp::DiscoInfo info = about_us(plan_.data_channel);
    info.node = question->node;
    return guest_.answer(iq, xml::write_disco_info(info));
  }
  guest_.answer(iq);
}

void Participant::on_jingle(const Element& iq, const xmpp::jingle::Jingle& message) {
  using xmpp::jingle::Action;
  if (message.action != Action::session_initiate && message.sid != sid_)
    return guest_.refuse(iq, {.condition = ErrorCondition::item_not_found, .unknown_session = true});
  guest_.answer(iq);
  switch (message.action) {
    case Action::session_initiate: return take_offer(message);
    case Action::session_terminate:
      if (message.reason && message.reason->text == "moving") return await_offer();
      return fail("the focus ended the session");
    case Action::source_add: return watch(sim::sources_in(message));
    case Action::source_remove:
      for (const auto& [owner, sources] : sim::sources_in(message))
        if (media_) media_->reception().forget(owner);
      return;
    default: return;
  }
}

void Participant::hang_up() {
  channel_.reset();
  media_.reset();
  media_connected_ = channel_open_ = false;
  stage_.reset();
}

// The call goes to another bridge: a new offer follows.
void Participant::await_offer() {
  hang_up();
  state_ = State::waiting;
}

void Participant::take_offer(const xmpp::jingle::Jingle& message) {
  const auto offer = read_offer(message);
  if (!offer) return fail("the offer has no transport, or not the codecs VP8 and Opus");
  auto remote = videobridge::conference::to_remote(offer->transport);
  remote.setup = videobridge::transport::Setup::passive;  // it offered to be either, and we chose
  if (plan_.loopback_only)
    std::erase_if(remote.candidates, [](const auto& candidate) { return !candidate.address.is_loopback(); });
  if (remote.candidates.empty()) return fail("the bridge offers no address that may be used");
  auto media = Media::make(ground_,
                           {.audio = as_.audio,
                            .video = as_.video,
                            .extensions = offer->extensions,
                            .encrypted_extensions = offer->encrypted_extensions,
                            .data_channel = offer->data_channel},
                           *this);
  if (!media) return fail(std::string("no socket: ") + media.error().doing);
  media_ = std::move(*media);
  if (measuring_) media_->reception().start(SteadyClock().now());
  state_ = State::connecting;
  sid_ = message.sid;
  channel_open_ = false;
  watch(sim::sources_in(message));
  const auto accept = make_accept(message, guest_.jid(), as_, media_->local());
  guest_.ask(occupant_.with_resource("focus").text_for_wire(), "set", xml::write_jingle(accept),
             [this](const Guest::Answer& answer) {
               if (!answer) return fail("the session: " + refusal(answer.error()));
               if (!plan_.media) on_in_call();
             });
  if (!plan_.media) return;
  media_->set_remote(remote, SteadyClock().now());
  open_channel(*offer);
}

void Participant::open_channel(const Offer& offer) {
  if (offer.data_channel) return;  // the media opens it
  const auto& urls = offer.transport.web_sockets;
  const auto address = urls.empty() ? std::nullopt : net::WebAddress::parse(urls.front().expose());
  if (!address || (plan_.loopback_only && !address->is_loopback()))
    return fail("the bridge offers no channel that may be used");
  ChannelListener& listener = *this;
  channel_ = std::make_unique<ChannelSocket>(ground_.reactor, plan_.trust, *address, listener);
}

void Participant::send_to_bridge(std::string_view text) {
  if (channel_)
    channel_->send(text);
  else
    media_->send_channel_message(text);
}

void Participant::watch(const std::map<EndpointId, sim::OtherSources>& sources) {
  if (!media_ || !plan_.media) return;
  auto others = sources;
  others.erase(as_.endpoint);
  others.erase(EndpointId("jvb"));  // the bridge's own
  media_->reception().watch(others, SteadyClock().now());
  if (stage_) return;
  for (const auto& [owner, theirs] : others) {
    if (theirs.video == Ssrc{}) continue;
    stage_ = support::video_source(owner);
    return send_constraints();
  }
}

void Participant::send_constraints() {
  if (!media_ || !channel_open_) return;
  const std::string stage = stage_ ? '"' + stage_->expose() + '"' : "";
  const std::string wanted = stage_ ? fmt::format(R"({}:{{"maxHeight":{}}})", stage, plan_.stage_height) : "";
  send_to_bridge(fmt::format(
      R"({{"colibriClass":"ReceiverVideoConstraints","lastN":-1,"onStageSources":[{}],"selectedSources":[],)"
      R"("defaultConstraints":{{"maxHeight":{}}},"constraints":{{{}}}}})",
      stage, plan_.tile_height, wanted));
}

void Participant::on_media_connected() {
  media_connected_ = true;
  check_connected();
}

void Participant::on_channel_open() {
  channel_open_ = true;
  if (role_.layers > 0)
    send_to_bridge(
        fmt::format(R"({{"colibriClass":"SourceVideoTypeMessage","sourceName":"{}","videoType":"camera"}})",
                    support::video_source(as_.endpoint).expose()));
  send_constraints();
  check_connected();
}

void Participant::check_connected() {
  if (state_ != State::connecting || !media_connected_ || !channel_open_) return;
  on_in_call();
}

void Participant::on_in_call() {
  state_ = State::in_call;
  joined_ = SteadyClock().now();
}

void Participant::on_channel_message(std::string_view text) {
  boost::system::error_code error;
  const auto message = boost::json::parse(boost::json::string_view(text.data(), text.size()), error);
  const auto* fields = error ? nullptr : message.if_object();
  const auto* kind = fields ? fields->if_contains("colibriClass") : nullptr;
  if (!kind || *kind != "SenderSourceConstraints") return;
  const auto* height = fields->if_contains("maxHeight");
  if (height && height->is_int64()) media_->limit_height(static_cast<int>(height->get_int64()));
}

void Participant::on_media_failed(TransportFailure why) { fail(sentence(why)); }

void Participant::tick(TimePoint now) {
  if (media_) media_->tick(now);
}

void Participant::start_measuring(TimePoint now) {
  measuring_ = true;
  if (media_) media_->reception().start(now);
}

Received Participant::received(TimePoint now) const {
  return media_ ? media_->reception().received(now) : Received{};
}

void Participant::leave() {
  if (state_ == State::over) return;
  if (state_ >= State::entering)
    guest_.send(xml::write_muc_presence(occupant_, xml::PresenceKind::leave, {}, std::nullopt));
  end();
}

// From within a call of the media: they stay, and are silent, until the participant goes.
void Participant::fail(std::string why) {
  if (state_ == State::over) return;
  errors_.push_back(std::move(why));
  end();
}

void Participant::end() {
  state_ = State::over;
  retry_.cancel();
  guest_.close();
}

}  // namespace cloister::load
