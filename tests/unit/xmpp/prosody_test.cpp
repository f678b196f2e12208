// The XMPP layer against a real Prosody: focus (client and component) and bridge, as in production.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/tcp_stream.h"
#include "support/prosody_server.h"
#include "support/run_until.h"
#include "xmpp/muc_room.h"

namespace cloister::xmpp {
namespace {

using support::ProsodyServer;

Jid jid(std::string_view text) { return *Jid::parse(text); }

SessionTimes quick() { return {.first_retry = 20ms, .longest_retry = 100ms}; }

// A session that remembers how often it came and went.
struct Peer : Session::Listener {
  explicit Peer(std::unique_ptr<Session> its) : session(std::move(its)) { session->start(*this); }
  void on_online() override { ++arrivals; }
  void on_offline() override { ++losses; }
  bool online() const { return session->online(); }
  std::unique_ptr<Session> session;
  int arrivals = 0;
  int losses = 0;
};

struct Occupancy : MucRoom::Listener {
  Occupancy(net::Reactor& reactor, Session& session, std::string_view occupant)
      : room(reactor, session, jid(occupant), *this) {}
  void on_joined(const MucPresence& self) override { joined = self; }
  void on_join_failed(const StanzaError& error) override { refused = error; }
  void on_occupant(const MucPresence& presence) override { seen[presence.nick] = presence; }
  void on_self(const MucPresence& self) override { joined = self; }
  void on_removed(const MucPresence&) override { removed = true; }
  std::optional<MucPresence> joined;
  std::optional<StanzaError> refused;
  std::map<EndpointId, MucPresence> seen;
  bool removed = false;
  MucRoom room;
};

class Prosody : public testing::Test {
protected:
  void SetUp() override {
    if (!ProsodyServer::installed()) GTEST_SKIP() << "no Prosody here";
    server.emplace(std::map<std::string, std::string>{
        {"focus", "focus password" },
        {"jvb",   "bridge password"}
    });
  }
  ClientSettings client(const std::string& user, Tls tls = Tls::none) const {
    return {
        .port = server->client_port(),
        .domain = "auth.cloister.internal",
        .user = user,
        .password = user == "focus" ? "focus password" : "bridge password",
        .resource = user,
        .ca_file = server->certificate(),
        .tls = tls,
        .about = {.disco = {.identities = {{.category = "client", .type = "bot"}},
                            .features = {"urn:xmpp:ping"}},
                  .version = {.name = "test", .version = "1"}},
        .times = quick()
    };
  }
  ComponentSettings component() const {
    return {.port = server->component_port(),
            .domain = "focus.cloister.internal",
            .secret = ProsodyServer::kComponentSecret,
            .times = quick()};
  }
  bool until(const std::function<bool()>& done) { return support::run_until(reactor, done); }

  net::Reactor reactor;
  std::optional<ProsodyServer> server;
};

// Focus checklist: 1
TEST_F(Prosody, LogsInOverTlsAndIsSeenUnderItsFullAddress) {
  Peer focus(make_client_session(reactor, client("focus", Tls::required)));
  ASSERT_TRUE(until([&] { return focus.online(); }));
  EXPECT_EQ(focus.session->jid(), jid("focus@auth.cloister.internal/focus"));
}

// Lets a client try three times while the server is there for others.
void expect_refused(net::Reactor& reactor, const ClientSettings& refused, const ClientSettings& welcome) {
  Peer witness(make_client_session(reactor, welcome));
  ASSERT_TRUE(support::run_until(reactor, [&] { return witness.online(); }));
  int tries = 0;
  Peer peer(make_client_session(reactor, refused, [&](net::ByteStream::Listener& listener) {
    ++tries;
    return net::tcp_streams(reactor)(listener);
  }));
  ASSERT_TRUE(support::run_until(reactor, [&] { return tries == 4; }));
  EXPECT_EQ(peer.arrivals, 0);
}

TEST_F(Prosody, IsNotTrustedWithACertificateOfAnotherAuthority) {
  ClientSettings settings = client("focus", Tls::required);
  settings.ca_file = "/etc/ssl/certs/ca-certificates.crt";
  expect_refused(reactor, settings, client("jvb"));
}

TEST_F(Prosody, IsNotTrustedUnderAnotherName) {
  ClientSettings settings = client("focus", Tls::required);
  settings.domain = "other.internal";
  expect_refused(reactor, settings, client("jvb"));
}

TEST_F(Prosody, RefusesAWrongPassword) {
  ClientSettings settings = client("focus", Tls::required);
  settings.password = "guess";
  expect_refused(reactor, settings, client("jvb"));
}

// Focus checklist: 5
TEST_F(Prosody, AClientAsksTheComponentForAConference) {
  Peer focus(make_component_session(reactor, component()));
  Peer guest(make_client_session(reactor, client("jvb")));
  Jid asked_by;
  focus.session->router().on_iq<ConferenceRequest>([&](Iq<ConferenceRequest> iq, Responder responder) {
    asked_by = iq.from;
    responder.reply(ConferenceAnswer{
        .room = *iq.payload.room, .ready = true, .focus_jid = jid("focus@auth.cloister.internal")});
  });
  ASSERT_TRUE(until([&] { return focus.online() && guest.online(); }));

  std::optional<ConferenceAnswer> answer;
  guest.session->ask_for<ConferenceAnswer>(jid("focus.cloister.internal"),
                                           ConferenceRequest{.room = jid("tea@conference.cloister.internal")},
                                           [&](auto result) {
                                             if (result) answer = *result;
                                           });
  ASSERT_TRUE(until([&] { return answer.has_value(); }));
  EXPECT_TRUE(answer->ready);
  EXPECT_EQ(answer->focus_jid, jid("focus@auth.cloister.internal"));
  EXPECT_EQ(asked_by, guest.session->jid());
}

TEST_F(Prosody, AsksABridgeThroughTheBreweryAndSeesItsStatistics) {
  Peer focus(make_client_session(reactor, client("focus")));
  Peer bridge(make_client_session(reactor, client("jvb")));
  ASSERT_TRUE(until([&] { return focus.online() && bridge.online(); }));
  bridge.session->router().on_iq<colibri2::ConferenceModify>(
      [](Iq<colibri2::ConferenceModify> iq, Responder responder) {
        responder.reply(colibri2::ConferenceModified{.endpoints = {{.id = iq.payload.endpoints.at(0).id}}});
      });

  Occupancy at_bridge(reactor, *bridge.session, "jvbbrewery@internal.auth.cloister.internal/jvb-1");
  Occupancy at_focus(reactor, *focus.session, "jvbbrewery@internal.auth.cloister.internal/focus");
  at_bridge.room.join({
      .stats = {{"stress_level", "0.03"}, {"drain", "false"}}
  });
  at_focus.room.join({});
  const EndpointId bridge_nick("jvb-1");
  ASSERT_TRUE(until([&] { return at_focus.room.inside() && at_focus.seen.contains(bridge_nick); }));
  EXPECT_EQ(at_focus.seen[bridge_nick].stats.at("stress_level"), "0.03");

  std::optional<colibri2::ConferenceModified> answer;
  focus.session->ask_for<colibri2::ConferenceModified>(
      at_focus.seen[bridge_nick].occupant,
      colibri2::ConferenceModify{
          .meeting_id = MeetingId("m1"), .create = true, .endpoints = {{.id = EndpointId("ab")}}},
      [&](auto result) {
        if (result) answer = *result;
      });
  ASSERT_TRUE(until([&] { return answer.has_value(); }));
  EXPECT_EQ(answer->endpoints.at(0).id, EndpointId("ab"));

  at_bridge.room.publish({.stats = {{"stress_level", "0.5"}}});
  ASSERT_TRUE(until([&] { return at_focus.seen[bridge_nick].stats["stress_level"] == "0.5"; }));
  at_bridge.room.leave();
  ASSERT_TRUE(until([&] { return !at_focus.seen[bridge_nick].available; }));
}

TEST_F(Prosody, OpensConfiguresAndGrantsInARoom) {
  Peer focus(make_client_session(reactor, client("focus")));
  Peer guest(make_client_session(reactor, client("jvb")));
  ASSERT_TRUE(until([&] { return focus.online() && guest.online(); }));

  Occupancy too_early(reactor, *guest.session, "tea@conference.cloister.internal/ab12cd34");
  too_early.room.join({});
  ASSERT_TRUE(until([&] { return too_early.refused.has_value(); }));
  EXPECT_EQ(too_early.refused->condition, ErrorCondition::not_allowed);

  Occupancy host(reactor, *focus.session, "tea@conference.cloister.internal/focus");
  host.room.join({.conference_properties = {{"support-terminate-restart", "true"}}});
  ASSERT_TRUE(until([&] { return host.room.inside(); }));
  EXPECT_TRUE(host.joined->has_status(201));
  EXPECT_EQ(host.joined->affiliation, Affiliation::owner);

  bool configured = false;
  host.room.fetch_configuration([&](Result<DataForm, StanzaError> form) {
    ASSERT_TRUE(form);
    EXPECT_NE(form->find("muc#roomconfig_persistentroom"), nullptr);
    form->set("muc#roomconfig_whois", "anyone");
    host.room.submit_configuration(*form, [&](auto result) { configured = result.has_value(); });
  });
  ASSERT_TRUE(until([&] { return configured; }));

  Occupancy member(reactor, *guest.session, "tea@conference.cloister.internal/ab12cd34");
  member.room.join({});
  ASSERT_TRUE(until([&] { return member.room.inside() && host.seen.contains(EndpointId("ab12cd34")); }));
  EXPECT_EQ(member.seen.at(EndpointId("focus")).real_jid, focus.session->jid());

  host.room.grant(host.seen[EndpointId("ab12cd34")].real_jid->bare(), Affiliation::owner, [](auto) {});
  ASSERT_TRUE(until([&] { return member.joined->affiliation == Affiliation::owner; }));
}

TEST_F(Prosody, EverybodyComesBackAfterARestart) {
  Peer focus(make_client_session(reactor, client("focus", Tls::required)));
  Peer component_focus(make_component_session(reactor, component()));
  Peer bridge(make_client_session(reactor, client("jvb")));
  const auto all_online = [&] { return focus.online() && component_focus.online() && bridge.online(); };
  ASSERT_TRUE(until(all_online));

  server->stop();
  ASSERT_TRUE(until([&] { return focus.losses == 1 && component_focus.losses == 1 && bridge.losses == 1; }));
  std::optional<StanzaError> error;
  focus.session->ask(jid("auth.cloister.internal"), Ping{},
                     [&](const auto& answer) { error = answer.error(); });
  EXPECT_FALSE(error);
  ASSERT_TRUE(until([&] { return error.has_value(); }));
  EXPECT_EQ(error->origin, StanzaError::Origin::offline);

  server->start();
  ASSERT_TRUE(until(all_online));
  EXPECT_EQ(focus.arrivals, 2);
}

}  // namespace
}  // namespace cloister::xmpp
