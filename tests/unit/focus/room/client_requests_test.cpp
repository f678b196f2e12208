// Jingle that clients send in a running call.
#include "unit/focus/room/calls_fixture.h"

namespace cloister::focus::room {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using xmpp::ErrorCondition;

// Focus checklist: 112, 113
TEST_F(CallsTest, OnlyTheOwnerOfASessionMaySpeakInIt) {
  call_of({"aa", "bb"});
  jingle::Jingle foreign = from("aa", Action::source_add);
  foreign.contents = sources_of("bb", 5000);
  EXPECT_REFUSED(says("bb", foreign), ErrorCondition::bad_request);
  jingle::Jingle invented = from("aa", Action::session_accept);
  invented.sid = "invented";
  EXPECT_REFUSED(says("aa", invented), ErrorCondition::bad_request);
  invented.sid.clear();
  EXPECT_REFUSED(says("aa", invented), ErrorCondition::bad_request);
  EXPECT_REFUSED(says("stranger", from("aa", Action::session_accept)), ErrorCondition::bad_request);
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 114, 115, 116, 117, 119
TEST_F(CallsTest, AnAcceptedOfferReachesBridgeAndOthersAtOnce) {
  bridge_comes();
  open();
  joins("aa");
  joins("bb");
  clients_describe_themselves();
  bridge_answers();
  ASSERT_TRUE(accepts("aa", 1000));
  const auto update = next_to_bridge();
  const colibri2::Endpoint& endpoint = update.modify.endpoints.at(0);
  EXPECT_FALSE(endpoint.create);
  EXPECT_EQ(endpoint.transport->ice->ufrag, "aa");
  ASSERT_EQ(endpoint.sources->size(), 2U);
  EXPECT_EQ(endpoint.sources->at(0).id, SourceName("aa-a0"));
  EXPECT_EQ(endpoint.sources->at(1).id, SourceName("aa-v0"));
  EXPECT_THAT(ssrcs(endpoint.sources->at(1).sources), ElementsAre(1001, 1002, 1003, 1004, 1005, 1006));
  EXPECT_EQ(endpoint.sources->at(1).groups.size(), 4U);
  EXPECT_EQ(endpoint.sources->at(1).sources[0].msid, "") << "§5.3: no msid";

  port.take();
  ASSERT_TRUE(accepts("bb", 2000));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~bb", "source-add bb", "source-add aa"))
      << "bb is told what aa brought meanwhile, and aa of bb";
  const auto& told = last_to("aa").json_sources;
  EXPECT_THAT(ssrcs(told->at("bb").video), ElementsAre(2001, 2004));
  EXPECT_EQ(last_to("aa").sid, offer_to("aa").sid);
}

TEST_F(CallsTest, InitialLastNGoesToTheBridge) {
  allocating({"aa", "bb"});
  bridge_answers();
  jingle::Jingle accept = from("aa", Action::session_accept);
  accept.contents = sources_of("aa", 1000);
  accept.contents[1].transport = xmpp::IceUdpTransport{.ufrag = "later content"};
  accept.contents[1].initial_last_n = 5;
  EXPECT_TRUE(says("aa", accept));
  EXPECT_EQ(port.to_bridge.front().modify.endpoints[0].initial_last_n, 5);
  EXPECT_EQ(port.to_bridge.front().modify.endpoints[0].transport->ice->ufrag, "later content");
}

TEST_F(CallsTest, BadSourcesInAnAcceptEndTheSession) {
  call_of({"aa", "bb"});
  joins("cc");
  clients_describe_themselves();
  bridge_answers();
  port.take();
  EXPECT_REFUSED(accepts("cc", 1000), ErrorCondition::bad_request);
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -cc"));
}

TEST_F(CallsTest, AnAcceptWithoutTransportOrTwiceIsRefused) {
  allocating({"aa", "bb"});
  bridge_answers();
  EXPECT_REFUSED(says("aa", from("aa", Action::session_accept)), ErrorCondition::bad_request);
  EXPECT_TRUE(accepts("aa", 1000));
  EXPECT_REFUSED(accepts("aa", 2000), ErrorCondition::bad_request);
}

// Focus checklist: 117
TEST_F(CallsTest, ChangesForPendingSessionsWaitAndCancelOut) {
  call_of({"aa", "bb"});
  joins("cc");
  clients_describe_themselves();
  bridge_answers();
  jingle::Jingle add = from("aa", Action::source_add);
  add.contents = {
      {.kind = jingle::ContentKind::video, .name = "video"}
  };
  add.contents[0].sources = {source(9001, "aa-v1", "aa-screen v")};
  ASSERT_TRUE(says("aa", add));
  jingle::Jingle stop_sharing = add;
  stop_sharing.action = Action::source_remove;
  jingle::Jingle camera_off = from("bb", Action::source_remove);
  camera_off.contents = sources_of("bb", 2000);
  ASSERT_TRUE(says("aa", stop_sharing));
  ASSERT_TRUE(says("bb", camera_off));
  ASSERT_TRUE(says("aa", add));
  bridge_answers();
  port.take();
  ASSERT_TRUE(accepts("cc", 3000));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~cc", "source-remove cc", "source-add cc", "source-add aa",
                                       "source-add bb"));
  const auto& added = *last_to("cc").json_sources;
  EXPECT_THAT(ssrcs(added.at("aa").video), ElementsAre(9001));
  EXPECT_FALSE(added.contains("bb"));
}

// Focus checklist: 117
TEST_F(CallsTest, NobodyIsToldOfSomebodyWhoLeftMeanwhile) {
  allocating({"aa", "bb", "cc"});
  bridge_answers();
  ASSERT_TRUE(accepts("aa", 1000));
  leaves("aa");
  port.take();
  ASSERT_TRUE(accepts("bb", 2000));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~bb"));
}

// Focus checklist: 118, 119
TEST_F(CallsTest, SourceAddAndRemoveGoToBridgeAndOthers) {
  call_of({"aa", "bb"});
  jingle::Jingle add = from("aa", Action::source_add);
  add.contents = {
      {.kind = jingle::ContentKind::video, .name = "video"}
  };
  add.contents[0].sources = {source(9001, "aa-v1", "aa-screen v")};
  add.contents[0].sources[0].video_type = xmpp::VideoType::desktop;
  EXPECT_TRUE(says("aa", add));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~aa", "source-add bb"));
  EXPECT_EQ(next_to_bridge().modify.endpoints[0].sources->size(), 3U) << "the whole set";
  EXPECT_EQ(last_to("bb").json_sources->at("aa").video[0].video_type, xmpp::VideoType::desktop);

  EXPECT_REFUSED(says("aa", add), ErrorCondition::bad_request);
  EXPECT_THAT(port.take(), IsEmpty());

  add.action = Action::source_remove;
  EXPECT_TRUE(says("aa", add));
  EXPECT_THAT(port.take(), ElementsAre("jvb1: ~aa", "source-remove bb"));
  EXPECT_EQ(next_to_bridge().modify.endpoints[0].sources->size(), 2U);
  EXPECT_REFUSED(says("aa", add), ErrorCondition::bad_request);
}

TEST_F(CallsTest, EmptySourceChangesAreJustAnswered) {
  call_of({"aa", "bb"});
  EXPECT_TRUE(says("aa", from("aa", Action::source_add)));
  EXPECT_TRUE(says("aa", from("aa", Action::source_remove)));
  EXPECT_THAT(port.take(), IsEmpty());
}

// Focus checklist: 129
TEST_F(CallsTest, TransportInfoGoesToTheBridge) {
  call_of({"aa", "bb"});
  EXPECT_REFUSED(says("aa", from("aa", Action::transport_info)), ErrorCondition::bad_request);
  jingle::Jingle info = from("aa", Action::transport_info);
  info.contents = {{.name = "audio"}};
  info.contents[0].transport = xmpp::IceUdpTransport{.ufrag = "new", .ice_generation = 2};
  EXPECT_TRUE(says("aa", info));
  const auto update = next_to_bridge();
  EXPECT_EQ(update.modify.endpoints[0].transport->ice->ice_generation, 2U);
  EXPECT_FALSE(update.modify.endpoints[0].sources) << "absent: unchanged";
}

// Focus checklist: 130, 147
TEST_F(CallsTest, ALeaverIsExpiredAndTheOthersAreNotTold) {
  call_of({"aa", "bb", "cc"});
  leaves("bb");
  EXPECT_THAT(port.take(), ElementsAre("jvb1: -bb"));
}

// Focus checklist: 138
TEST_F(CallsTest, WhatIsNotDoneIsSaid) {
  call_of({"aa", "bb"});
  EXPECT_REFUSED(says("aa", from("aa", Action::unknown)), ErrorCondition::feature_not_implemented);
  EXPECT_REFUSED(says("aa", from("aa", Action::session_initiate)), ErrorCondition::feature_not_implemented);
  EXPECT_TRUE(says("aa", from("aa", Action::transport_reject)));
  jingle::Jingle no_action = from("aa", Action::unknown);
  no_action.action_text.clear();
  EXPECT_REFUSED(says("aa", no_action), ErrorCondition::bad_request);
}

}  // namespace
}  // namespace cloister::focus::room
