// Who may mute whom, and what of it reaches the bridge.
#include "focus/room/muting.h"

#include "room_fixture.h"

namespace cloister::focus::room {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using What = xmpp::Mute::What;
using xmpp::ErrorCondition;
using ForceMute = colibri2::ForceMute;

struct Row {
  const char* why;
  MaySend may;
  PerKind muted;
  bool shares_screen;
  ForceMute at_bridge;
};
constexpr Row kRows[] = {
    {"nothing forbidden",                          kMaySendAll,                      {},                  false, {}             },
    {"microphone forbidden",                       {.video = true, .desktop = true}, {},                  false, {.audio = true}},
    {"camera forbidden, the screen may be shared", {.audio = true, .desktop = true}, {},                  false, {}             },
    {"screen forbidden, the camera is free",       {.audio = true, .video = true},   {},                  true,  {}             },
    {"neither camera nor screen",                  {.audio = true},                  {},                  true,  {.video = true}},
    {"microphone muted by another",                kMaySendAll,                      {.audio = true},     false, {.audio = true}},
    {"camera muted, nothing else is sent",         kMaySendAll,                      {.video = true},     false, {.video = true}},
    {"camera muted, a screen is shared",           kMaySendAll,                      {.video = true},     true,  {}             },
    {"camera muted, the shared screen too",        kMaySendAll,                      {false, true, true}, true,  {.video = true}},
    {"screen muted, the camera goes on",           kMaySendAll,                      {.desktop = true},   true,  {}             },
};

// Focus checklist: 175
TEST(Muting, KnowsWhatTheBridgeMustDrop) {
  const EndpointId pupil("pupil");
  for (const auto& [why, may, muted, shares_screen, expected] : kRows) {
    SCOPED_TRACE(why);
    Muting muting;
    muting.restrain(pupil, may);
    for (const What what : {What::audio, What::video, What::desktop})
      if (muted.of(what)) muting.mute(pupil, what);
    muting.on_sharing(pupil, shares_screen);
    EXPECT_EQ(muting.at_bridge(pupil), expected);
    muting.forget(pupil);
    EXPECT_EQ(muting.at_bridge(pupil), ForceMute{});
  }
}

class RoomMuting : public RoomTest {
protected:
  // What the bridge was told to drop since the last time this was asked: "pupil av".
  std::vector<std::string> dropped() {
    std::vector<std::string> lines;
    while (!port.to_bridge.empty())
      for (const auto& endpoint : next_to_bridge().modify.endpoints)
        if (endpoint.force_mute)
          lines.push_back(endpoint.id.expose() + " " + (endpoint.force_mute->audio ? "a" : "-") +
                          (endpoint.force_mute->video ? "v" : "-"));
    return lines;
  }
  Calls::Answer mutes(const std::string& who, const std::string& whom, What what, bool muted = true) {
    return room->on_mute(EndpointId(who),
                         {.what = what, .muted = muted, .target = jid(kRoom + ("/" + whom))});
  }
  void becomes_host(const std::string& nick) { room->on_occupant(presence(nick, xmpp::Affiliation::owner)); }
};

// Focus checklist: 168, 169, 170, 173
TEST_F(RoomMuting, AMutedMicrophoneIsDroppedUntilItsOwnerUnmutes) {
  call_of({"host", "pupil", "third"});
  becomes_host("host");
  port.take();
  dropped();
  ASSERT_TRUE(mutes("host", "pupil", What::audio));
  EXPECT_THAT(port.take(), testing::Contains("mute pupil by host"));
  EXPECT_THAT(dropped(), ElementsAre("pupil a-"));
  EXPECT_REFUSED(mutes("host", "pupil", What::audio, false), ErrorCondition::not_allowed);
  EXPECT_REFUSED(mutes("third", "pupil", What::audio), ErrorCondition::not_allowed);
  EXPECT_THAT(dropped(), IsEmpty());
  ASSERT_TRUE(mutes("pupil", "pupil", What::audio, false));
  EXPECT_THAT(dropped(), ElementsAre("pupil --"));
}

TEST_F(RoomMuting, AHostIsNotMutedByAnother) {
  call_of({"host", "second", "pupil"});
  becomes_host("host");
  becomes_host("second");
  port.take();
  dropped();
  for (const What what : {What::audio, What::video, What::desktop}) {
    EXPECT_REFUSED(mutes("second", "host", what), ErrorCondition::not_allowed);
    EXPECT_REFUSED(mutes("pupil", "host", what), ErrorCondition::not_allowed);
  }
  EXPECT_TRUE(mutes("host", "host", What::audio)) << "itself it may";
  EXPECT_THAT(port.take(), IsEmpty());
  EXPECT_THAT(dropped(), IsEmpty());
}

// Focus checklist: 172
TEST_F(RoomMuting, WhoMayNotSendCannotUnmuteItself) {
  call_of({"host", "pupil"});
  room->restrain({
      {EndpointId("pupil"), {.video = true, .desktop = true}}
  });
  EXPECT_THAT(dropped(), ElementsAre("pupil a-"));
  EXPECT_REFUSED(mutes("pupil", "pupil", What::audio, false), ErrorCondition::not_allowed);
  EXPECT_TRUE(mutes("pupil", "pupil", What::video, false));
  EXPECT_THAT(dropped(), IsEmpty());
  room->restrain({
      {EndpointId("pupil"), kMaySendAll}
  });
  EXPECT_THAT(dropped(), ElementsAre("pupil --"));
  EXPECT_TRUE(mutes("pupil", "pupil", What::audio, false));
}

// Focus checklist: 174
TEST_F(RoomMuting, ManyAreRestrainedByOneRequest) {
  call_of({"host", "p1", "p2"});
  const MaySend nothing{};
  room->restrain({
      {EndpointId("p1"), nothing},
      {EndpointId("p2"), nothing}
  });
  EXPECT_THAT(port.to_bridge, testing::SizeIs(1));
  EXPECT_THAT(dropped(), ElementsAre("p1 av", "p2 av"));
}

// Focus checklist: 176
TEST_F(RoomMuting, WhoComesRestrainedIsAllocatedMuted) {
  call_of({"host", "p1"});
  dropped();
  room->restrain({
      {EndpointId("late"), {.video = true, .desktop = true}}
  });
  EXPECT_THAT(dropped(), IsEmpty());
  joins("late");
  clients_describe_themselves();
  EXPECT_THAT(dropped(), ElementsAre("late a-")) << "in the allocation itself";
}

// Focus checklist: 180, 181
TEST_F(RoomMuting, TheMainRoomStaysWhileItsPeopleAreElsewhere) {
  call_of({"host", "pupil"});
  room->keep(Kept::yes);
  leaves("pupil");
  leaves("host");
  run_for(10min);
  EXPECT_FALSE(room->is_over());
  room->keep(Kept::no);
  run_for(14s);
  EXPECT_FALSE(room->is_over());
  run_for(2s);
  EXPECT_TRUE(room->is_over());
}

// Focus checklist: 181
TEST_F(RoomMuting, TheLastOneWhoSwitchesRoomsMayComeBack) {
  call_of({"host", "pupil"});
  leaves("pupil");
  auto gone = presence("host");
  gone.available = false;
  gone.status_text = "switch_room";
  room->on_occupant(gone);
  run_for(14s);
  EXPECT_FALSE(room->is_over());
  run_for(2s);
  EXPECT_TRUE(room->is_over());
}

}  // namespace
}  // namespace cloister::focus::room
