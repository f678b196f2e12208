// One room with everything around it recorded: a bridge that answers when told to, clients that do what the
// test says.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>

#include "focus/room/room.h"
#include "support/fake_clock.h"

namespace cloister::focus::room {

namespace jingle = xmpp::jingle;
namespace colibri2 = xmpp::colibri2;
using jingle::Action;

inline xmpp::Jid jid(const std::string& text) { return xmpp::Jid::parse(text).value(); }
inline xmpp::Source source(std::uint32_t ssrc, const std::string& name, const std::string& msid = "s t") {
  return {.ssrc = Ssrc(ssrc), .name = SourceName(name), .msid = msid};
}
inline xmpp::SourceGroup group(const std::string& semantics, std::vector<std::uint32_t> ssrcs) {
  xmpp::SourceGroup made{.semantics = semantics};
  for (const std::uint32_t ssrc : ssrcs) made.ssrcs.push_back(Ssrc(ssrc));
  return made;
}
inline std::vector<std::uint32_t> ssrcs(const std::vector<xmpp::Source>& sources) {
  std::vector<std::uint32_t> numbers;
  for (const xmpp::Source& one : sources) numbers.push_back(raw(one.ssrc));
  return numbers;
}

inline const char* word(Action action) {
  switch (action) {
    case Action::session_initiate: return "initiate";
    case Action::session_terminate: return "terminate";
    case Action::source_add: return "source-add";
    case Action::source_remove: return "source-remove";
    case Action::transport_info: return "transport-info";
    default: return "?";
  }
}

struct Recorder : Room::Port, bridges::BridgeList::Port {
  struct ToBridge {
    xmpp::Jid bridge;
    colibri2::ConferenceModify modify;
    RequestId request;
  };
  struct ToClient {
    EndpointId client;
    jingle::Jingle jingle;
  };
  struct Discovery {
    EndpointId client;
    RequestId request;
  };

  void discover(const EndpointId& client, RequestId request) override {
    log.push_back("discover " + client.expose());
    discoveries.push_back({client, request});
  }
  void send(const EndpointId& client, const jingle::Jingle& message) override {
    std::string line = word(message.action) + (" " + client.expose());
    if (message.reason) line += " " + message.reason->condition + "/" + message.reason->text;
    log.push_back(line);
    to_clients.push_back({client, message});
  }
  void modify(const xmpp::Jid& bridge, const colibri2::ConferenceModify& modify, RequestId request) override {
    std::string line = std::string(bridge.resource()) + ":";
    if (modify.create) line += " create";
    if (modify.expire) line += " expire";
    for (const auto& endpoint : modify.endpoints)
      line += (endpoint.create ? " +" : endpoint.expire ? " -" : " ~") + endpoint.id.expose();
    log.push_back(line);
    to_bridge.push_back({bridge, modify, request});
  }
  void publish(const xmpp::MucSelfPresence& presence) override { published = presence; }
  void grant_owner(const EndpointId& member, const xmpp::Jid& bare) override {
    log.push_back("owner " + member.expose() + " " + bare.text_for_wire());
  }
  void send_mute(const EndpointId& member, const xmpp::Mute& mute) override {
    const char* const kinds[] = {"", " camera", " screen"};
    log.push_back("mute " + member.expose() + kinds[static_cast<std::size_t>(mute.what)] +
                  (mute.actor ? " by " + std::string(mute.actor->resource()) : ""));
  }
  void on_over() override { log.emplace_back("over"); }
  void check_health(const xmpp::Jid&) override {}
  void on_bridge_available() override {
    if (room) room->calls().on_bridge_available();
  }
  void on_bridge_lost(const xmpp::Jid& bridge) override {
    if (room) room->calls().on_bridge_lost(bridge);
  }
  bool relieve(const xmpp::Jid& bridge) override { return room && room->calls().move_off(bridge); }

  std::vector<std::string> take() { return std::exchange(log, {}); }

  Room* room = nullptr;
  std::vector<std::string> log;
  std::vector<ToClient> to_clients;
  std::deque<ToBridge> to_bridge;  // not yet answered by the test
  std::vector<Discovery> discoveries;
  xmpp::MucSelfPresence published;
};

class RoomTest : public testing::Test {
protected:
  static constexpr const char* kRoom = "room@conference.d";

  explicit RoomTest(RoomSettings with = {}) : settings(with) { start(); }

  void start(RequestProperties properties = {}) {
    port.room = nullptr;
    room = std::make_unique<Room>(Room::Environment{.settings = settings,
                                                    .bridges = bridges,
                                                    .features = cache,
                                                    .clock = clock,
                                                    .counters = counters,
                                                    .caps = {}},
                                  jid(kRoom), jid("focus@auth.d/focus"), std::move(properties), port);
    port.room = room.get();
  }
  void open() { room->on_joined(MeetingId("meeting-1")); }

  // Bridges
  void bridge_comes(const std::string& nick = "jvb1") {
    bridges.on_presence({
        .occupant = bridge(nick), .nick = EndpointId(nick), .stats = {{"drain", "false"}, {"region", "eu"}}
    });
  }
  void bridge_leaves(const std::string& nick = "jvb1") {
    bridges.on_presence({.occupant = bridge(nick), .nick = EndpointId(nick), .available = false});
  }
  static xmpp::Jid bridge(const std::string& nick) { return jid("jvbbrewery@internal.auth.d/" + nick); }

  static colibri2::ConferenceModified allocated(const colibri2::ConferenceModify& modify) {
    colibri2::ConferenceModified answer;
    for (const auto& endpoint : modify.endpoints) {
      colibri2::EndpointAnswer& one = answer.endpoints.emplace_back();
      one.id = endpoint.id;
      if (!endpoint.create) continue;
      one.transport.emplace().ice = xmpp::IceUdpTransport{.ufrag = "ufrag", .pwd = "pwd", .rtcp_mux = true};
      one.transport->ice->fingerprints = {
          {.hash = "sha-256", .setup = "actpass", .value = "AA:BB"}
      };
      if (endpoint.transport->sctp) one.transport->sctp = colibri2::Sctp{.port = 5000, .role = "server"};
    }
    if (modify.create || (!modify.endpoints.empty() && modify.endpoints[0].create))
      answer.sources = {
          {.kind = MediaKind::audio, .id = SourceName("jvb-a0"), .sources = {source(552, "jvb-a0", "")}},
          {.kind = MediaKind::video, .id = SourceName("jvb-v0"), .sources = {source(551, "jvb-v0", "")}}
      };
    return answer;
  }
  Recorder::ToBridge next_to_bridge() {
    Recorder::ToBridge asked = port.to_bridge.front();
    port.to_bridge.pop_front();
    return asked;
  }
  // The bridge agrees to all it was asked.
  void bridge_answers() {
    while (!port.to_bridge.empty()) {
      const auto asked = next_to_bridge();
      room->calls().on_bridge_answer(asked.request, allocated(asked.modify));
    }
  }
  void bridge_refuses(xmpp::StanzaError error) {
    const auto asked = next_to_bridge();
    room->calls().on_bridge_answer(asked.request, fail(std::move(error)));
  }

  // Clients
  static xmpp::MucPresence presence(const std::string& nick,
                                    xmpp::Affiliation affiliation = xmpp::Affiliation::none) {
    return {
        .occupant = jid(kRoom + ("/" + nick)),
        .nick = EndpointId(nick),
        .real_jid = jid(nick + "@guest.d/tab"),
        .affiliation = affiliation,
        .role = affiliation == xmpp::Affiliation::owner ? xmpp::Role::moderator : xmpp::Role::participant};
  }
  static xmpp::DiscoInfo capable(bool rewriting, bool json = true) {
    xmpp::DiscoInfo info;
    info.features = {"urn:xmpp:jingle:apps:rtp:audio", "urn:xmpp:jingle:apps:rtp:video",
                     "urn:xmpp:jingle:transports:dtls-sctp:1", "urn:ietf:rfc:4588", "http://jitsi.org/tcc"};
    if (json) info.features.emplace_back("http://jitsi.org/json-encoded-sources");
    if (rewriting) info.features.emplace_back("http://jitsi.org/ssrc-rewriting-1");
    return info;
  }
  void joins(const std::string& nick) { room->on_occupant(presence(nick)); }
  void leaves(const std::string& nick) {
    auto gone = presence(nick);
    gone.available = false;
    room->on_occupant(gone);
  }
  void clients_describe_themselves(bool rewriting = false, bool json = true) {
    const xmpp::DiscoInfo info = capable(rewriting, json);
    for (const auto& [client, request] : std::exchange(port.discoveries, {}))
      room->on_discovered(client, request, &info);
  }
  const jingle::Jingle& last_to(const std::string& nick) const {
    static const jingle::Jingle nothing;
    for (auto it = port.to_clients.rbegin(); it != port.to_clients.rend(); ++it)
      if (it->client.expose() == nick) return it->jingle;
    return nothing;
  }
  const jingle::Jingle& offer_to(const std::string& nick) const {
    static const jingle::Jingle nothing;
    for (auto it = port.to_clients.rbegin(); it != port.to_clients.rend(); ++it)
      if (it->client.expose() == nick && it->jingle.action == Action::session_initiate) return it->jingle;
    return nothing;
  }
  // Jingle of a client in its present session.
  jingle::Jingle from(const std::string& nick, Action action) const {
    return {.action = action, .action_text = "x", .sid = offer_to(nick).sid};
  }
  // Camera with three layers and RTX, and a microphone; SSRCs from `base` on.
  static std::vector<jingle::Content> sources_of(const std::string& nick, std::uint32_t base) {
    jingle::Content audio{.kind = jingle::ContentKind::audio, .name = "audio", .has_description = true};
    audio.sources = {source(base, nick + "-a0", nick + "-audio a")};
    jingle::Content video{.kind = jingle::ContentKind::video, .name = "video", .has_description = true};
    for (std::uint32_t i = 1; i <= 6; ++i)
      video.sources.push_back(source(base + i, nick + "-v0", nick + "-video v"));
    video.groups = {group("SIM", {base + 1, base + 2, base + 3}), group("FID", {base + 1, base + 4}),
                    group("FID", {base + 2, base + 5}), group("FID", {base + 3, base + 6})};
    return {audio, video};
  }
  Calls::Answer says(const std::string& nick, const jingle::Jingle& message) {
    return room->calls().on_jingle(EndpointId(nick), message);
  }
  Calls::Answer accepts(const std::string& nick, std::uint32_t base) {
    jingle::Jingle accept = from(nick, Action::session_accept);
    accept.contents = sources_of(nick, base);
    accept.contents[0].transport = xmpp::IceUdpTransport{.ufrag = nick, .pwd = "p"};
    return says(nick, accept);
  }
  // Two clients in a running call.
  void call_of(std::vector<std::string> nicks, bool rewriting = false, bool json = true) {
    bridge_comes();
    open();
    for (const std::string& nick : nicks) joins(nick);
    clients_describe_themselves(rewriting, json);
    bridge_answers();
    std::uint32_t base = 1000;
    for (const std::string& nick : nicks) {
      ASSERT_TRUE(accepts(nick, base));
      base += 1000;
    }
    bridge_answers();
    port.take();
  }
  void run_for(Duration duration) {
    const TimePoint end = clock.now() + duration;
    while (const auto wakeup = earlier(room->next_wakeup(), bridges.next_wakeup())) {
      if (*wakeup > end) break;
      clock.time = std::max(clock.now(), *wakeup);
      bridges.on_wakeup();
      room->on_wakeup();
    }
    clock.time = end;
  }

  RoomSettings settings;
  support::FakeClock clock;
  Recorder port;
  bridges::BridgeList bridges{clock, port};
  FeaturesCache cache;
  Counters counters;
  std::unique_ptr<Room> room;
};

#define EXPECT_REFUSED(answer, why)              \
  do {                                           \
    const auto& refused = (answer);              \
    ASSERT_FALSE(refused);                       \
    EXPECT_EQ(refused.error().condition, (why)); \
  } while (false)

}  // namespace cloister::focus::room
