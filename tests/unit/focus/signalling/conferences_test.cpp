// Requests, rooms and stanzas over recorded sessions: what a client sees of the focus.
#include "focus/signalling/conferences.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "focus/signalling/brewery.h"
#include "focus/signalling/services.h"
#include "support/fake_clock.h"
#include "support/fake_session.h"

namespace cloister::focus::signalling {
namespace {

using support::FakeSession;
using testing::Contains;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;
using xmpp::ErrorCondition;
namespace jingle = xmpp::jingle;
namespace colibri2 = xmpp::colibri2;

xmpp::Jid jid(const std::string& text) { return xmpp::Jid::parse(text).value(); }

struct NoNews : Brewery::Listener {
  void on_bridge_available() override {}
  void on_bridge_lost(const xmpp::Jid&) override {}
  bool relieve(const xmpp::Jid&) override { return false; }
};

class ConferencesTest : public testing::Test {
protected:
  ConferencesTest() { conferences.answer_requests_at(component); }

  auto asks_for(const std::string& room) {
    return component.request(jid("aa@guest.d/tab"), xmpp::ConferenceRequest{.room = jid(room)});
  }
  // The next question that carries an `Asked`; taken out.
  template <class Asked>
  std::optional<FakeSession::Asked> take_question() {
    const auto found = std::ranges::find_if(client.asked, [](const FakeSession::Asked& one) {
      return std::holds_alternative<Asked>(one.request);
    });
    if (found == client.asked.end()) return std::nullopt;
    FakeSession::Asked question = std::move(*found);
    client.asked.erase(found);
    return question;
  }
  void configures(const std::string& meeting = "") {
    auto query = take_question<xmpp::MucOwnerQuery>();
    ASSERT_TRUE(query);
    xmpp::DataForm form{.type = "form"};
    form.set("muc#roomconfig_whois", "moderators");
    form.set("muc#roomconfig_roomsecret", "sesame");
    form.set("muc#roominfo_meetingId", meeting);
    query->done(xmpp::IqAnswer(xmpp::MucOwnerForm{form}));
    auto submit = take_question<xmpp::MucOwnerSubmit>();
    ASSERT_TRUE(submit);
    submitted = std::get<xmpp::MucOwnerSubmit>(submit->request).form;
    submit->done(xmpp::IqAnswer(xmpp::Empty{}));
  }
  void opens(const std::string& room, const std::string& meeting = "") {
    client.admit(jid(room + "/focus"));
    configures(meeting);
  }
  void joins(const std::string& nick, const std::string& room = "r@conference.d") {
    client.router().deliver(xmpp::MucPresence{.occupant = jid(room + "/" + nick),
                                              .nick = EndpointId(nick),
                                              .real_jid = jid(nick + "@guest.d/tab"),
                                              .role = xmpp::Role::participant});
  }
  void bridge_comes() {
    brewery.bridges().on_presence(
        {.occupant = jid("brewery@internal.d/b"), .nick = EndpointId("b"), .stats = {{"drain", "false"}}});
  }
  static bool ready(const FakeSession::Reply& reply) {
    return std::get<xmpp::ConferenceAnswer>(*reply).ready;
  }

  net::Reactor reactor;
  support::FakeClock clock;
  FakeSession client;
  FakeSession component;
  NoNews no_news;
  room::RoomSettings settings;
  room::FeaturesCache features;
  room::Counters counters;
  Brewery brewery{reactor, client, jid("brewery@internal.d"), clock, no_news};
  Conferences conferences{
      reactor,
      client,
      {.settings = settings,
        .bridges = brewery.bridges(),
        .features = features,
        .clock = clock,
        .counters = counters,
        .caps = {}},
      {.muc_domain = "conference.d", .max_conferences = 2,                   .hosts = {.required = false}        }
  };
  xmpp::DataForm submitted;
};

// Focus checklist: 19, 20, 21, 23, 31, 32, 33, 54
TEST_F(ConferencesTest, AnswersWhenTheRoomIsConfigured) {
  const auto replies = asks_for("r@conference.d");
  ASSERT_THAT(client.published, SizeIs(1));
  EXPECT_EQ(client.published[0].occupant, jid("r@conference.d/focus"));
  EXPECT_TRUE(client.published[0].join);
  client.admit(jid("r@conference.d/focus"));
  EXPECT_THAT(*replies, IsEmpty()) << "not before the configuration is done";
  configures();
  ASSERT_THAT(*replies, SizeIs(1));
  const auto& answer = std::get<xmpp::ConferenceAnswer>(*replies->front());
  EXPECT_TRUE(answer.ready);
  EXPECT_EQ(answer.room, jid("r@conference.d"));
  EXPECT_EQ(answer.focus_jid, jid("user@auth.d"));
  EXPECT_THAT(answer.properties, Contains(Pair("authentication", "false")));
  EXPECT_FALSE(answer.properties.contains("live"));
  EXPECT_FALSE(answer.properties.contains("sipGatewayEnabled"));
  EXPECT_EQ(answer.vnode, "");
}

// Focus checklist: 14
TEST_F(ConferencesTest, WithoutAnyServiceBesideThemRoomsAreAsEver) {
  Services none(reactor, clock);
  conferences.watch(none);
  bridge_comes();
  const auto replies = asks_for("r@conference.d");
  opens("r@conference.d");
  ASSERT_THAT(*replies, SizeIs(1));
  EXPECT_TRUE(ready(replies->front()));
  joins("aa");
  joins("bb");
  for (int i = 0; i < 2; ++i) {
    auto discovery = take_question<xmpp::DiscoInfoQuery>();
    ASSERT_TRUE(discovery);
    discovery->done(xmpp::IqAnswer(xmpp::DiscoInfo{}));
    EXPECT_TRUE(take_question<colibri2::ConferenceModify>()) << "it is invited";
  }
}

// Focus checklist: 55, 56
TEST_F(ConferencesTest, OnlyWhoisIsChangedInTheForm) {
  asks_for("r@conference.d");
  opens("r@conference.d");
  EXPECT_EQ(submitted.value("muc#roomconfig_whois"), "anyone");
  EXPECT_EQ(submitted.value("muc#roomconfig_roomsecret"), "sesame");
}

// Focus checklist: 59, 65
TEST_F(ConferencesTest, PresenceFollowsWithoutTheJoinElement) {
  asks_for("r@conference.d");
  opens("r@conference.d");
  ASSERT_THAT(client.published, SizeIs(2));
  EXPECT_FALSE(client.published[1].join);
  EXPECT_THAT(client.published[1].content.conference_properties,
              Contains(Pair("support-terminate-restart", "true")));
}

// Focus checklist: 22, 27
TEST_F(ConferencesTest, ARoomThatOpensSlowlyDelaysNoOther) {
  const auto slow = asks_for("slow@conference.d");
  const auto quick = asks_for("quick@conference.d");
  opens("quick@conference.d");
  ASSERT_THAT(*quick, SizeIs(1));
  EXPECT_TRUE(ready(quick->front()));
  EXPECT_THAT(*slow, IsEmpty());
  opens("slow@conference.d");
  ASSERT_THAT(*slow, SizeIs(1));
  EXPECT_TRUE(ready(slow->front()));
}

// Focus checklist: 26
TEST_F(ConferencesTest, RequestsForOneRoomAreOneConference) {
  const auto first = asks_for("r@conference.d");
  const auto second = asks_for("r@conference.d");
  EXPECT_THAT(client.published, SizeIs(1));
  opens("r@conference.d");
  const auto third = asks_for("r@conference.d");
  for (const auto& replies : {first, second, third}) {
    ASSERT_THAT(*replies, SizeIs(1));
    EXPECT_TRUE(ready(replies->front()));
  }
  EXPECT_EQ(counters.conferences_created.value(), 1U);
}

// Focus checklist: 24, 25
TEST_F(ConferencesTest, RoomsThatAreNoneAreRefused) {
  const auto missing = component.request(jid("aa@guest.d/tab"), xmpp::ConferenceRequest{});
  ASSERT_THAT(*missing, SizeIs(1));
  EXPECT_EQ(missing->front().error().condition, ErrorCondition::bad_request);
  EXPECT_EQ(missing->front().error().text, "No 'room' specified.");
  for (const std::string room : {"r@elsewhere.d", "conference.d"}) {
    const auto replies = asks_for(room);
    ASSERT_THAT(*replies, SizeIs(1));
    EXPECT_EQ(replies->front().error().condition, ErrorCondition::bad_request);
  }
  EXPECT_THAT(client.published, IsEmpty());
}

// Focus checklist: 22, 38
TEST_F(ConferencesTest, ARoomThatCannotBeEnteredIsNotReady) {
  const auto replies = asks_for("r@conference.d");
  for (int i = 0; i < RoomHost::kJoinTries; ++i) {
    EXPECT_THAT(*replies, IsEmpty());
    client.router().deliver(xmpp::MucPresence{
        .occupant = jid("r@conference.d/focus"), .nick = EndpointId("focus"), .error = xmpp::StanzaError{}});
    reactor.poll();
  }
  ASSERT_THAT(*replies, SizeIs(1));
  EXPECT_FALSE(ready(replies->front()));
  EXPECT_EQ(conferences.size(), 0U);
  EXPECT_THAT(*asks_for("r@conference.d"), IsEmpty()) << "a later request tries again";
}

// Focus checklist: 22
TEST_F(ConferencesTest, ARefusedConfigurationIsNotReadyEither) {
  const auto replies = asks_for("r@conference.d");
  client.admit(jid("r@conference.d/focus"));
  take_question<xmpp::MucOwnerQuery>()->done(fail(xmpp::StanzaError{}));
  ASSERT_THAT(*replies, SizeIs(1));
  EXPECT_FALSE(ready(replies->front()));
  EXPECT_THAT(client.left, Contains(jid("r@conference.d/focus")));
}

TEST_F(ConferencesTest, TooManyConferencesAreNotReady) {
  asks_for("a@conference.d");
  asks_for("b@conference.d");
  const auto third = asks_for("c@conference.d");
  ASSERT_THAT(*third, SizeIs(1));
  EXPECT_FALSE(ready(third->front()));
}

// Focus checklist: 57
TEST_F(ConferencesTest, MeetingIdsComeFromTheFormButAreNeverShared) {
  bridge_comes();
  asks_for("a@conference.d");
  opens("a@conference.d", "id-1");
  asks_for("b@conference.d");
  opens("b@conference.d", "id-1");
  std::vector<std::string> meetings;
  for (const std::string room : {"a@conference.d", "b@conference.d"}) {
    joins("aa", room);
    joins("bb", room);
    while (auto question = take_question<xmpp::DiscoInfoQuery>()) question->done(fail(xmpp::StanzaError{}));
    const auto modify = take_question<colibri2::ConferenceModify>();
    ASSERT_TRUE(modify);
    meetings.push_back(std::get<colibri2::ConferenceModify>(modify->request).meeting_id.expose());
    client.asked.clear();
  }
  EXPECT_EQ(meetings[0], "id-1");
  EXPECT_NE(meetings[1], "id-1");
  EXPECT_THAT(meetings[1], SizeIs(36));
}

// Focus checklist: 112
TEST_F(ConferencesTest, JingleAndMuteReachTheRoomOfTheirSender) {
  asks_for("r@conference.d");
  opens("r@conference.d");
  joins("aa");
  const auto foreign = client.request(
      jid("r@conference.d/aa"),
      jingle::Jingle{.action = jingle::Action::source_add, .action_text = "source-add", .sid = "s"});
  ASSERT_THAT(*foreign, SizeIs(1));
  EXPECT_EQ(foreign->front().error().condition, ErrorCondition::bad_request);
  const auto nowhere = client.request(jid("other@conference.d/aa"), xmpp::Mute{.target = jid("x@y/z")});
  ASSERT_THAT(*nowhere, SizeIs(1));
  EXPECT_EQ(nowhere->front().error().condition, ErrorCondition::item_not_found);
  const auto oneself =
      client.request(jid("r@conference.d/aa"), xmpp::Mute{.target = jid("r@conference.d/aa")});
  ASSERT_THAT(*oneself, SizeIs(1));
  EXPECT_TRUE(oneself->front());
}

// Focus checklist: 75
TEST_F(ConferencesTest, TheGrantGoesToTheRoomForTheBareAddress) {
  asks_for("r@conference.d");
  opens("r@conference.d");
  joins("aa");
  const auto grant = take_question<xmpp::MucAdmin>();
  ASSERT_TRUE(grant);
  EXPECT_EQ(grant->to, jid("r@conference.d"));
  const auto& item = std::get<xmpp::MucAdmin>(grant->request);
  EXPECT_EQ(item.affiliation, xmpp::Affiliation::owner);
  EXPECT_EQ(item.jid, jid("aa@guest.d"));
}

// Focus checklist: 69
TEST_F(ConferencesTest, AnEmptyRoomIsLeftAndForgotten) {
  asks_for("r@conference.d");
  opens("r@conference.d");
  joins("aa");
  client.router().deliver(
      xmpp::MucPresence{.occupant = jid("r@conference.d/aa"), .nick = EndpointId("aa"), .available = false});
  EXPECT_THAT(client.left, Contains(jid("r@conference.d/focus")));
  const auto again = asks_for("r@conference.d");
  EXPECT_THAT(*again, IsEmpty()) << "a new conference, even before the old one is put away";
  reactor.poll();
  opens("r@conference.d");
  ASSERT_THAT(*again, SizeIs(1));
  EXPECT_TRUE(ready(again->front()));
  EXPECT_EQ(counters.conferences_created.value(), 2U);
}

// Focus checklist: 67
TEST_F(ConferencesTest, ADestroyedRoomIsForgotten) {
  asks_for("r@conference.d");
  opens("r@conference.d");
  joins("aa");
  client.router().deliver(xmpp::MucPresence{.occupant = jid("r@conference.d/focus"),
                                            .nick = EndpointId("focus"),
                                            .available = false,
                                            .status = {110},
                                            .destroyed = xmpp::RoomDestroyed{}});
  reactor.poll();
  EXPECT_EQ(conferences.size(), 0U);
}

// Focus checklist: 9
TEST_F(ConferencesTest, ALostStreamDropsEverythingAndAnswersWhoWaits) {
  asks_for("a@conference.d");
  opens("a@conference.d");
  const auto waiting = asks_for("b@conference.d");
  conferences.drop_all();
  ASSERT_THAT(*waiting, SizeIs(1));
  EXPECT_FALSE(ready(waiting->front()));
  EXPECT_EQ(conferences.size(), 0U);
  // Late answers find nobody.
  for (auto& question : std::exchange(client.asked, {})) question.done(fail(xmpp::StanzaError{}));
  reactor.poll();
}

// Focus checklist: 18
TEST_F(ConferencesTest, StoppingLeavesTheRooms) {
  asks_for("a@conference.d");
  opens("a@conference.d");
  asks_for("b@conference.d");
  conferences.stop_all();
  EXPECT_THAT(client.left, SizeIs(2));
  reactor.poll();
  EXPECT_EQ(conferences.size(), 0U);
}

// The brewery

// Focus checklist: 155, 164
TEST_F(ConferencesTest, TheBreweryFeedsTheListAndAsksForHealth) {
  brewery.on_online();
  client.admit(jid("brewery@internal.d/focus"));
  client.router().deliver(xmpp::MucPresence{
      .occupant = jid("brewery@internal.d/b"), .nick = EndpointId("b"), .stats = {{"drain", "false"}}});
  EXPECT_EQ(brewery.bridges().operational(), 1U);
  clock.advance(10s);
  brewery.bridges().on_wakeup();
  auto check = take_question<xmpp::HealthCheck>();
  ASSERT_TRUE(check);
  EXPECT_EQ(check->to, jid("brewery@internal.d/b"));
  check->done(fail(xmpp::StanzaError{.condition = ErrorCondition::internal_server_error}));
  EXPECT_EQ(brewery.bridges().operational(), 0U);
}

// Focus checklist: 10
TEST_F(ConferencesTest, TheBreweryIsEnteredAnewAfterALostStream) {
  brewery.on_online();
  client.admit(jid("brewery@internal.d/focus"));
  brewery.on_offline();
  EXPECT_EQ(brewery.bridges().size(), 0U);
  client.published.clear();
  brewery.on_online();
  ASSERT_THAT(client.published, SizeIs(1));
  EXPECT_TRUE(client.published[0].join);
}

TEST_F(ConferencesTest, AStormedMeetingIsLockedAndItsBusiestSourcesAreToBeBanned) {
  std::vector<std::string> banned;
  conferences.ban_by([&banned](const auto& addresses) {
    for (const auto& address : addresses) banned.push_back(address.expose());
  });
  asks_for("r@conference.d");
  opens("r@conference.d");
  const xmpp::Crowd crowd{.networks = {{.tag = "a", .joins = 51}}};
  for (const std::string from : {"r@conference.d/aa", "aa@guest.d/tab", "other@conference.d"}) {
    const auto refused = client.request(jid(from), crowd);
    ASSERT_THAT(*refused, SizeIs(1)) << from;
    EXPECT_FALSE(refused->front()) << "only the room itself says who came: " << from;
  }
  ASSERT_TRUE(client.request(jid("r@conference.d"), crowd)->front());
  const auto lock = take_question<xmpp::MucOwnerSubmit>();
  ASSERT_TRUE(lock);
  EXPECT_EQ(std::get<xmpp::MucOwnerSubmit>(lock->request).form.value("muc#roomconfig_membersonly"), "1");
  const auto question = take_question<xmpp::CrowdSourcesQuery>();
  ASSERT_TRUE(question);
  EXPECT_EQ(std::get<xmpp::CrowdSourcesQuery>(question->request).joins, 5U);
  EXPECT_EQ(std::get<xmpp::CrowdSourcesQuery>(question->request).seconds, 60U);
  question->done(xmpp::IqAnswer(xmpp::CrowdSources{.addresses = {Personal<std::string>("192.0.2.1")}}));
  EXPECT_THAT(banned, testing::ElementsAre("192.0.2.1"));
}

// Hosts

class HostsTest : public ConferencesTest {
protected:
  HostsTest() { owned.answer_requests_at(gate); }

  auto asks(const std::string& from, const std::string& room, const std::string& session = {},
            const std::string& machine = "laptop") {
    return gate.request(jid(from), xmpp::ConferenceRequest{.room = jid(room),
                                                           .machine_uid = Personal<std::string>(machine),
                                                           .session_id = Personal<std::string>(session)});
  }
  // The room makes somebody owner, or does not.
  std::string grants(Result<xmpp::IqAnswer, xmpp::StanzaError> answer = xmpp::IqAnswer(xmpp::Empty{})) {
    auto question = take_question<xmpp::MucAdmin>();
    if (!question) return "nobody";
    const auto admin = std::get<xmpp::MucAdmin>(question->request);
    question->done(std::move(answer));
    return admin.affiliation == xmpp::Affiliation::owner ? admin.jid.text_for_wire() : "no owner";
  }
  static const xmpp::ConferenceAnswer& said(const std::shared_ptr<std::vector<FakeSession::Reply>>& replies) {
    return std::get<xmpp::ConferenceAnswer>(*replies->front());
  }

  FakeSession gate;
  Conferences owned{
      reactor,
      client,
      {.settings = settings,
        .bridges = brewery.bridges(),
        .features = features,
        .clock = clock,
        .counters = counters,
        .caps = {}},
      {.muc_domain = "conference.d", .host_domain = "d",                   .hosts = {.required = true}        }
  };
};

// Focus checklist: 39, 40
TEST_F(HostsTest, AGuestWaitsForTheHostAndIsLetInOnceTheMeetingRuns) {
  const auto early = asks("aa@guest.d/tab", "r@conference.d");
  ASSERT_THAT(*early, SizeIs(1));
  EXPECT_EQ(early->front().error().condition, ErrorCondition::not_authorized);
  EXPECT_THAT(client.published, IsEmpty()) << "and no room was made";

  asks("ana@d/second", "r@conference.d");
  opens("r@conference.d");
  const auto late = asks("aa@guest.d/tab", "r@conference.d");
  ASSERT_THAT(*late, SizeIs(1));
  EXPECT_TRUE(said(late).ready);
  EXPECT_TRUE(said(late).identity.expose().empty());
}

// Focus checklist: 41, 45, 46, 51
TEST_F(HostsTest, AStockClientsHostSignsInOnASecondConnectionAndIsOwnerBeforeItEnters) {
  const auto second = asks("ana@d/second", "r@conference.d");
  opens("r@conference.d");
  EXPECT_THAT(*second, IsEmpty()) << "not before the room knows its owner";
  EXPECT_EQ(grants(), "ana@d");
  ASSERT_THAT(*second, SizeIs(1));
  EXPECT_EQ(said(second).identity.expose(), "ana@d");
  EXPECT_THAT(said(second).properties, Contains(Pair("authentication", "true")));
  EXPECT_THAT(said(second).properties, Contains(Pair("externalAuth", "false")));

  const std::string session = said(second).session_id.expose();
  const auto first = asks("aa@guest.d/tab", "r@conference.d", session);
  EXPECT_THAT(*first, IsEmpty());
  EXPECT_EQ(grants(), "aa@guest.d");
  ASSERT_THAT(*first, SizeIs(1));
  EXPECT_EQ(said(first).session_id.expose(), session);

  const auto again = asks("aa@guest.d/tab", "r@conference.d", session);
  EXPECT_THAT(*again, SizeIs(1)) << "it is owner already";
  EXPECT_EQ(grants(), "nobody");
}

TEST_F(HostsTest, AnotherAccountIsNoHostOfThisMeeting) {
  asks("ana@d/second", "r@conference.d");
  opens("r@conference.d");
  grants();
  const auto other = asks("ben@d/tab", "r@conference.d", "", "phone");
  ASSERT_THAT(*other, SizeIs(1));
  EXPECT_TRUE(said(other).ready);
  EXPECT_EQ(grants(), "nobody");
}

TEST_F(HostsTest, AMeetingOlderThanTheFocusStaysItsHosts) {
  const auto leads = [&](const std::string& nick, const std::string& address) {
    client.router().deliver(xmpp::MucPresence{.occupant = jid("r@conference.d/" + nick),
                                              .nick = EndpointId(nick),
                                              .real_jid = jid(address),
                                              .affiliation = xmpp::Affiliation::owner,
                                              .role = xmpp::Role::moderator});
  };
  const auto colleague = asks("bob@d/first", "r@conference.d");
  leads("focus", "focus@auth.d/focus");
  leads("ana", "ana@d/tab");
  leads("guest", "cc@guest.d/tab");  // a stock client's host: its account is not known any more
  opens("r@conference.d");
  EXPECT_EQ(grants(), "nobody");
  ASSERT_THAT(*colleague, SizeIs(1));
  EXPECT_TRUE(said(colleague).ready) << "as a participant";
  asks("ana@d/phone", "r@conference.d");
  EXPECT_EQ(grants(), "ana@d");
}

TEST_F(HostsTest, WhoCannotBeMadeOwnerIsAnsweredAllTheSame) {
  const auto replies = asks("ana@d/second", "r@conference.d");
  opens("r@conference.d");
  grants(fail(xmpp::StanzaError{}));
  EXPECT_THAT(*replies, SizeIs(1));
}

// Focus checklist: 38, 42, 43, 44
TEST_F(HostsTest, ABadSessionIsRefusedInAWayThatClientsRecoverFrom) {
  const auto unknown = asks("aa@guest.d/tab", "r@conference.d", "7d1f");
  ASSERT_THAT(*unknown, SizeIs(1));
  EXPECT_EQ(unknown->front().error().condition, ErrorCondition::not_acceptable);
  EXPECT_TRUE(unknown->front().error().session_invalid);
  const auto no_machine = asks("ana@d/second", "r@conference.d", "", "");
  ASSERT_THAT(*no_machine, SizeIs(1));
  EXPECT_EQ(no_machine->front().error().condition, ErrorCondition::not_acceptable);
}

// Focus checklist: 47
TEST_F(HostsTest, LogoutEndsTheSession) {
  const auto replies = asks("ana@d/second", "r@conference.d");
  opens("r@conference.d");
  grants();
  const xmpp::Logout logout{.session_id = said(replies).session_id};
  EXPECT_TRUE(gate.request(jid("aa@guest.d/tab"), logout)->front());
  const auto again = gate.request(jid("aa@guest.d/tab"), logout);
  EXPECT_TRUE(again->front().error().session_invalid);
  EXPECT_FALSE(asks("aa@guest.d/tab", "r@conference.d", logout.session_id.expose())->front());
}

// Focus checklist: 50
TEST_F(HostsTest, BreakoutRoomsAndTheirMeetingAskForNoSignIn) {
  struct Watcher final : RoomWatcher {
    void on_room(const xmpp::Jid& room, RoomControl& control) override { rooms[room] = &control; }
    void on_room_open(const xmpp::Jid&) override {}
    void on_occupant(const xmpp::Jid&, const xmpp::MucPresence&) override {}
    void on_room_over(const xmpp::Jid&) override {}
    void on_all_dropped() override {}
    std::optional<xmpp::Jid> main_room_of(const xmpp::Jid& room) const override {
      return room == jid("a@breakout.d") ? std::optional(jid("r@conference.d")) : std::nullopt;
    }
    std::map<xmpp::Jid, RoomControl*> rooms;
  } watcher;
  owned.watch(watcher);
  const auto early = asks("aa@guest.d/tab", "a@breakout.d");
  EXPECT_EQ(early->front().error().condition, ErrorCondition::not_authorized) << "its meeting has not begun";

  asks("ana@d/second", "r@conference.d");
  opens("r@conference.d");
  joins("aa");
  const auto goes_there = asks("aa@guest.d/tab", "a@breakout.d");
  opens("a@breakout.d");
  ASSERT_THAT(*goes_there, SizeIs(1));
  EXPECT_TRUE(said(goes_there).ready);

  watcher.rooms.at(jid("r@conference.d"))->keep(room::Kept::yes);
  client.router().deliver(
      xmpp::MucPresence{.occupant = jid("r@conference.d/aa"), .nick = EndpointId("aa"), .available = false});
  const auto comes_back = asks("aa@guest.d/tab", "r@conference.d");
  ASSERT_THAT(*comes_back, SizeIs(1));
  EXPECT_TRUE(said(comes_back).ready) << "nobody is in, but in its rooms";
}

// Focus checklist: 53
TEST_F(HostsTest, NothingOfASignInIsLogged) {
  testing::internal::CaptureStderr();
  const auto first = asks("ana@d/second", "r@conference.d", {}, "ThinkPad");
  opens("r@conference.d");
  grants();
  const std::string session = said(first).session_id.expose();
  ASSERT_FALSE(session.empty());
  asks("aa@guest.d/tab", "r@conference.d", session, "ThinkPad");
  grants();
  asks("bb@guest.d/tab", "r@conference.d", session, "PowerBook");
  asks("bb@guest.d/tab", "r@conference.d", "invented", "PowerBook");
  gate.request(jid("aa@guest.d/tab"), xmpp::Logout{.session_id = Personal<std::string>(session)});
  EXPECT_THAT(testing::internal::GetCapturedStderr(), IsEmpty());
}

// Focus checklist: 52
TEST_F(HostsTest, SaysWhereToSignIn) {
  const auto url = gate.request(
      jid("aa@guest.d/tab"),
      xmpp::LoginUrlQuery{.room = jid("r@conference.d"), .machine_uid = Personal<std::string>("laptop")});
  EXPECT_EQ(std::get<xmpp::LoginUrl>(*url->front()).room, jid("r@conference.d"));
  const auto no_machine =
      gate.request(jid("aa@guest.d/tab"), xmpp::LoginUrlQuery{.room = jid("r@conference.d")});
  EXPECT_EQ(no_machine->front().error().condition, ErrorCondition::bad_request);
  const auto no_room = gate.request(jid("aa@guest.d/tab"),
                                    xmpp::LoginUrlQuery{.machine_uid = Personal<std::string>("laptop")});
  EXPECT_EQ(no_room->front().error().condition, ErrorCondition::not_acceptable);
}

}  // namespace
}  // namespace cloister::focus::signalling
