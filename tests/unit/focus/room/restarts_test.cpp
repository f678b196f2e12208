// Sessions and paths that begin anew, and sessions that end.
#include "unit/focus/room/calls_fixture.h"

namespace cloister::focus::room {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using xmpp::ErrorCondition;

// Focus checklist: 131, 136
TEST_F(CallsTest, APlainTerminationEndsTheMediaOfOneWhoStays) {
  call_of({"aa", "bb", "cc"});
  EXPECT_TRUE(says("aa", from("aa", Action::session_terminate)));
  EXPECT_THAT(port.take(), ElementsAre("source-remove bb", "source-remove cc", "jvb1: -aa"));
  joins("dd");
  EXPECT_THAT(port.take(), ElementsAre("discover dd")) << "not invited again";
  EXPECT_EQ(room->size(), 4U);
}

// Focus checklist: 132
TEST_F(CallsTest, FailedIceIsAReinvitationIfItIsThisSession) {
  call_of({"aa", "bb"});
  jingle::Jingle failed = with_session(from("aa", Action::session_info));
  failed.ice_state = "failed";
  jingle::Jingle old = failed;
  old.bridge_session->id = "an older one";
  EXPECT_TRUE(says("aa", old));
  jingle::Jingle unnamed = failed;
  unnamed.bridge_session.reset();
  EXPECT_TRUE(says("aa", unnamed));
  jingle::Jingle fine = failed;
  fine.ice_state = "connected";
  EXPECT_TRUE(says("aa", fine));
  EXPECT_THAT(port.take(), IsEmpty());
  const std::string old_sid = offer_to("aa").sid;
  EXPECT_TRUE(says("aa", failed));
  EXPECT_THAT(port.take(),
              ElementsAre("terminate aa success/moving", "source-remove bb", "jvb1: -aa", "jvb1: +aa"));
  bridge_answers();
  EXPECT_NE(offer_to("aa").sid, old_sid);
}

// Focus checklist: 133
TEST_F(CallsTest, ARestartBringsANewSessionWithoutATermination) {
  call_of({"aa", "bb"});
  const std::string old_sid = offer_to("aa").sid;
  EXPECT_TRUE(says("aa", with_session(from("aa", Action::session_terminate), true)));
  EXPECT_THAT(port.take(), ElementsAre("source-remove bb", "jvb1: -aa", "jvb1: +aa"))
      << "the offer waits for the bridge, so the answer to this IQ is out first";
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("initiate aa"));
  EXPECT_NE(offer_to("aa").sid, old_sid);
  EXPECT_TRUE(accepts("aa", 1000)) << "the same sources are welcome again";
}

// Focus checklist: 134
TEST_F(CallsTest, AWrongBridgeSessionLeavesTheCallAlone) {
  call_of({"aa", "bb"});
  EXPECT_REFUSED(says("aa", with_session(from("aa", Action::session_terminate), true, "wrong")),
                 ErrorCondition::item_not_found);
  EXPECT_THAT(port.take(), IsEmpty());
  EXPECT_TRUE(says("aa", from("aa", Action::source_add)));
}

// Focus checklist: 135
TEST_F(CallsTest, TooManyRestartsAreRefused) {
  call_of({"aa", "bb"});
  const auto restart = [this] {
    auto answer = says("aa", with_session(from("aa", Action::session_terminate), true));
    bridge_answers();
    return answer;
  };
  EXPECT_TRUE(restart());
  run_for(4s);
  EXPECT_REFUSED(restart(), ErrorCondition::resource_constraint);
}

class IceRestartTest : public CallsTest {
protected:
  Calls::Answer asks(std::string id = {}) {
    jingle::Jingle info = with_session(from("aa", Action::session_info), {}, std::move(id));
    info.bridge_session->ice_restart = true;
    return says("aa", info);
  }
  void bridge_says(std::optional<xmpp::IceUdpTransport> transport) {
    const auto asked = next_to_bridge();
    EXPECT_TRUE(asked.modify.endpoints.at(0).transport->ice_restart);
    colibri2::ConferenceModified answer;
    answer.endpoints.push_back({.id = EndpointId("aa")});
    if (transport) answer.endpoints[0].transport.emplace().ice = std::move(transport);
    room->calls().on_bridge_answer(asked.request, answer);
  }
  static xmpp::IceUdpTransport generation(std::uint32_t number) {
    return {.ufrag = "new", .pwd = "new-password", .ice_generation = number};
  }
};

// Focus checklist: 137
TEST_F(IceRestartTest, TheClientIsToldTheBridgesNewCredentialsAndTheBridgeTheClients) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(asks());
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~aa"));
  bridge_says(generation(1));
  EXPECT_THAT(port.take(), ElementsAre("transport-info aa"));
  const jingle::Jingle& told = last_to("aa");
  EXPECT_EQ(told.sid, offer_to("aa").sid);
  ASSERT_EQ(told.contents.size(), 1U);
  EXPECT_EQ(told.contents[0].name, "audio");
  EXPECT_EQ(told.contents[0].creator, "initiator");
  EXPECT_FALSE(told.contents[0].has_description);
  EXPECT_EQ(told.contents[0].transport->ufrag, "new");
  EXPECT_EQ(told.contents[0].transport->ice_generation, 1U);

  jingle::Jingle reply = from("aa", Action::transport_info);
  reply.contents = {{.name = "audio"}};
  reply.contents[0].transport = generation(1);
  EXPECT_TRUE(says("aa", reply));
  EXPECT_EQ(next_to_bridge().modify.endpoints[0].transport->ice->ice_generation, 1U);
}

TEST_F(IceRestartTest, ABridgeThatCannotMeansANewSession) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(asks());
  port.take();
  bridge_says({});
  EXPECT_THAT(port.take(),
              ElementsAre("terminate aa success/moving", "source-remove bb", "jvb1: -aa", "jvb1: +aa"));
}

TEST_F(IceRestartTest, ABridgeThatKeptItsAgentAndAnOldGenerationAreNoNews) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(asks());
  port.take();
  bridge_says(xmpp::IceUdpTransport{.ufrag = "as before", .pwd = "as before"});
  EXPECT_THAT(port.take(), IsEmpty());
  run_for(6s);
  EXPECT_TRUE(asks());
  bridge_says(generation(2));
  run_for(6s);
  EXPECT_TRUE(asks());
  port.take();
  bridge_says(generation(2));
  EXPECT_THAT(port.take(), IsEmpty());
}

TEST_F(IceRestartTest, AnAnswerForAnEndedCallIsNobodys) {
  call_of({"aa", "bb", "cc"});
  EXPECT_TRUE(asks());
  EXPECT_TRUE(says("aa", from("aa", Action::session_terminate)));
  port.take();
  bridge_says(generation(1));
  EXPECT_THAT(port.take(), IsEmpty());
}

TEST_F(IceRestartTest, RestartsAreCountedApartAndWrongSessionsRefused) {
  call_of({"aa", "bb"});
  EXPECT_REFUSED(asks("wrong"), ErrorCondition::item_not_found);
  EXPECT_TRUE(asks());
  EXPECT_REFUSED(asks(), ErrorCondition::resource_constraint);
  EXPECT_TRUE(says("aa", with_session(from("aa", Action::session_terminate), true)))
      << "a restart of the session has a budget of its own";
}

TEST_F(CallsTest, WhatIsSaidInAnEndedSessionDoesNoHarm) {
  call_of({"aa", "bb"});
  jingle::Jingle late = from("aa", Action::session_accept);
  late.contents = sources_of("aa", 1000);
  late.contents[0].transport.emplace();
  bridge_leaves();
  bridge_comes();
  port.take();
  EXPECT_REFUSED(says("aa", late), ErrorCondition::gone);
  late.action = Action::source_add;
  EXPECT_REFUSED(says("aa", late), ErrorCondition::item_not_found);
  late.action = Action::transport_info;
  EXPECT_TRUE(says("aa", late));
  late.action = Action::session_terminate;
  EXPECT_TRUE(says("aa", late)) << "a refusal would make the client reload";
  EXPECT_THAT(port.take(), IsEmpty());
}

}  // namespace
}  // namespace cloister::focus::room
