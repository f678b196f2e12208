// What becomes of calls when their bridge fails.
#include "unit/focus/room/calls_fixture.h"

namespace cloister::focus::room {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using xmpp::ErrorCondition;

// Focus checklist: 139, 149, 158, 162
TEST_F(CallsTest, ALostBridgeMovesEverybodyToAnother) {
  call_of({"aa", "bb"});
  bridge_comes("jvb2");
  EXPECT_THAT(port.take(), IsEmpty());
  const std::string old_session = offer_to("aa").bridge_session->id;
  bridge_leaves("jvb1");
  EXPECT_THAT(port.take(), ElementsAre("terminate aa success/moving", "terminate bb success/moving",
                                       "jvb1: expire", "jvb2: create +aa", "jvb2: +bb"));
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("initiate aa", "initiate bb"));
  EXPECT_NE(offer_to("aa").bridge_session->id, old_session);
  EXPECT_TRUE(accepts("aa", 1000));
}

// Focus checklist: 162
TEST_F(CallsTest, WithoutAnotherBridgeTheyWait) {
  call_of({"aa", "bb"});
  bridge_leaves();
  EXPECT_TRUE(port.published.bridge_not_available);
  port.take();
  bridge_comes();
  EXPECT_THAT(port.take(), ElementsAre("jvb1: create +aa", "jvb1: +bb"));
  EXPECT_FALSE(port.published.bridge_not_available);
}

// Focus checklist: 149
TEST_F(CallsTest, AnAllocationThatTimesOutAvoidsTheBridge) {
  bridge_comes("jvb2");
  allocating({"aa", "bb"});
  bridge_refuses({.origin = xmpp::StanzaError::Origin::timeout});
  EXPECT_THAT(port.take(), ElementsAre("jvb1: expire", "jvb2: create +aa", "jvb2: +bb"));
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("initiate aa", "initiate bb")) << "bb's first allocation was dropped";
}

// Focus checklist: 149
TEST_F(CallsTest, ALostConferenceIsMadeAgain) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(says("aa", with_session(from("aa", Action::session_terminate), true)));
  port.take();
  next_to_bridge();
  bridge_refuses({
      .condition = ErrorCondition::item_not_found,
      .colibri = colibri2::Error{colibri2::ErrorReason::conference_not_found, {}}
  });
  EXPECT_THAT(port.take(),
              ElementsAre("terminate bb success/moving", "jvb1: expire", "jvb1: create +aa", "jvb1: +bb"));
}

// Focus checklist: 150
TEST_F(CallsTest, ABadRequestIsNotRepeated) {
  allocating({"aa", "bb"});
  bridge_refuses({.condition = ErrorCondition::bad_request});
  bridge_answers();
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -aa", "initiate bb"));
  joins("cc");
  EXPECT_THAT(port.take(), ElementsAre("discover cc"));
}

// Focus checklist: 151
TEST_F(CallsTest, AnEndpointTheBridgeLostIsInvitedAlone) {
  call_of({"aa", "bb"});
  jingle::Jingle remove = from("aa", Action::source_remove);
  remove.contents = sources_of("aa", 1000);
  ASSERT_TRUE(says("aa", remove));
  port.take();
  bridge_refuses({
      .condition = ErrorCondition::item_not_found,
      .colibri = colibri2::Error{colibri2::ErrorReason::unknown_endpoint, EndpointId("aa")}
  });
  EXPECT_THAT(port.take(), ElementsAre("terminate aa success/moving", "jvb1: -aa", "jvb1: +aa"));
}

// Focus checklist: 152
TEST_F(CallsTest, AnswersToNobodysQuestionAreIgnored) {
  call_of({"aa", "bb"});
  room->calls().on_bridge_answer(999999, colibri2::ConferenceModified{});
  room->calls().on_features(999999, Features{});
  room->calls().on_jingle_answer(EndpointId("nobody"), "x", Action::session_initiate, {});
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 152
TEST_F(CallsTest, WhatABridgeSaysOfAnEarlierSessionIsIgnored) {
  call_of({"aa", "bb"});
  jingle::Jingle remove = from("aa", Action::source_remove);
  remove.contents = sources_of("aa", 1000);
  ASSERT_TRUE(says("aa", remove));
  const auto update = next_to_bridge();
  bridge_leaves();
  bridge_comes();
  bridge_answers();
  port.take();
  room->calls().on_bridge_answer(update.request, fail(xmpp::StanzaError{}));
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 153
TEST_F(CallsTest, AQuarrelWithTheBridgeIsNotEndless) {
  bridge_comes();
  open();
  joins("aa");
  joins("bb");
  clients_describe_themselves();
  int asked = 0;
  const auto quarrel = [&] {
    while (!port.to_bridge.empty()) {
      asked += port.to_bridge.front().modify.expire ? 0 : 1;
      bridge_refuses({.condition = ErrorCondition::conflict});
    }
  };
  quarrel();
  EXPECT_LE(asked, 20) << "ten invitations each";
  const int before = asked;
  run_for(59s);
  quarrel();
  EXPECT_EQ(asked, before);
  run_for(1s);
  EXPECT_FALSE(port.to_bridge.empty()) << "a minute later it is tried again";
}

TEST_F(CallsTest, ACallOfNewcomersMovesOffABridgeThatFailed) {
  call_of({"aa", "bb"});
  bridge_comes("jvb2");
  bridges.mark_failed(bridge("jvb1"));
  joins("cc");
  clients_describe_themselves();
  EXPECT_THAT(port.take(),
              ElementsAre("discover cc", "terminate aa success/moving", "terminate bb success/moving",
                          "jvb1: expire", "jvb2: create +aa", "jvb2: +bb", "jvb2: +cc"));
}

TEST_F(CallsTest, AFailedBridgeWithoutAnotherKeepsWhomItHas) {
  call_of({"aa", "bb"});
  bridges.mark_failed(bridge("jvb1"));
  joins("cc");
  clients_describe_themselves();
  EXPECT_THAT(port.take(), ElementsAre("discover cc"));
  EXPECT_TRUE(port.published.bridge_not_available);
}

// Focus checklist: 189
TEST_F(CallsTest, WhatABridgeLostIsLoggedAndNothingOfSingleCalls) {
  call_of({"Nora", "Omar"});
  testing::internal::CaptureStderr();
  jingle::Jingle failed = from("Nora", Action::session_info);
  failed.bridge_session = {.id = offer_to("Nora").bridge_session->id};
  failed.ice_state = "failed";
  ASSERT_TRUE(says("Nora", failed));
  bridge_answers();
  room->calls().on_jingle_answer(EndpointId("Nora"), offer_to("Nora").sid, Action::session_initiate,
                                 {.condition = ErrorCondition::bad_request});
  bridge_comes("jvb2");
  bridge_leaves("jvb1");
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_THAT(log, HasSubstr("1 calls of a meeting move: their bridge was lost\n"));
  EXPECT_THAT(log, Not(HasSubstr("a call ")));
  for (const char* name : {"Nora", "Omar", kRoom, "room", "guest", "jvb"})
    EXPECT_THAT(log, Not(HasSubstr(name)));
}

}  // namespace
}  // namespace cloister::focus::room
