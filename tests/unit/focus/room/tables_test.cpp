// The small decisions: what an error of a bridge means, how often something may happen, what a client can.
#include "focus/room/bridge_failure.h"
#include "focus/room/call_state.h"
#include "unit/focus/room/room_fixture.h"

namespace cloister::focus::room {
namespace {

using xmpp::ErrorCondition;
using xmpp::StanzaError;
using Origin = StanzaError::Origin;
using colibri2::ErrorReason;

struct Failure {
  const char* why;
  StanzaError error;
  BridgeFailure allocation;
  BridgeFailure update;
};

StanzaError error(ErrorCondition condition, std::optional<ErrorReason> reason = {}) {
  StanzaError made{.condition = condition};
  if (reason) made.colibri = colibri2::Error{.reason = *reason, .endpoint = EndpointId("aa")};
  return made;
}
StanzaError error(Origin origin) { return {.origin = origin}; }

constexpr BridgeFailure kNothing{};
constexpr BridgeFailure kLeave{BridgeMark::none, Consequence::leave_bridge};
constexpr BridgeFailure kFailedAndLeave{BridgeMark::failed, Consequence::leave_bridge};
constexpr BridgeFailure kGiveUp{BridgeMark::none, Consequence::give_up};
constexpr BridgeFailure kFailedAndGiveUp{BridgeMark::failed, Consequence::give_up};
constexpr BridgeFailure kGracefulAndLeave{BridgeMark::graceful, Consequence::leave_bridge};
constexpr BridgeFailure kReinvite{BridgeMark::none, Consequence::reinvite_endpoint};

Failure row(const char* why, StanzaError said, BridgeFailure allocation, BridgeFailure update) {
  return {why, std::move(said), allocation, update};
}

const Failure kFailures[] = {
    row("timeout", error(Origin::timeout), kFailedAndLeave, kNothing),
    row("our own stream was lost", error(Origin::offline), kNothing, kNothing),
    row("wrong payload", error(Origin::strange_answer), kFailedAndGiveUp, kNothing),
    row("bad-request", error(ErrorCondition::bad_request), kGiveUp, kLeave),
    row("conference lost", error(ErrorCondition::item_not_found, ErrorReason::conference_not_found), kLeave,
        kLeave),
    row("no such occupant", error(ErrorCondition::item_not_found), kGiveUp, kLeave),
    row("conference exists", error(ErrorCondition::conflict, ErrorReason::conference_already_exists), kLeave,
        kLeave),
    row("endpoint exists", error(ErrorCondition::conflict), kLeave, kLeave),
    row("going down", error(ErrorCondition::service_unavailable, ErrorReason::graceful_shutdown),
        kGracefulAndLeave, kLeave),
    row("not there", error(ErrorCondition::service_unavailable), kFailedAndLeave, kLeave),
    row("broken", error(ErrorCondition::internal_server_error, ErrorReason::unspecified), kFailedAndLeave,
        kLeave),
    row("endpoint lost", error(ErrorCondition::item_not_found, ErrorReason::unknown_endpoint), kGiveUp,
        kReinvite)};

// Focus checklist: 149, 150, 151
TEST(BridgeFailure, FollowsTheTable) {
  for (const auto& [why, said, allocation, update] : kFailures) {
    SCOPED_TRACE(why);
    EXPECT_EQ(allocation_failure(said), allocation);
    EXPECT_EQ(update_failure(said), update);
  }
}

TEST(CallState, GoesOneWayAndBack) {
  CallState state = CallState::idle;
  for (const CallEvent event :
       {CallEvent::invited, CallEvent::features_known, CallEvent::allocated, CallEvent::accepted}) {
    EXPECT_FALSE(next(CallState::idle, CallEvent::ended)) << "nothing to end";
    ASSERT_TRUE(next(state, event));
    state = *next(state, event);
    EXPECT_EQ(next(state, CallEvent::ended), CallState::idle);
  }
  EXPECT_EQ(state, CallState::active);
}

// Focus checklist: 135
TEST(RateLimit, KeepsTheGapAndTheNumber) {
  support::FakeClock clock;
  RateLimit limit({.gap = 5s, .most = 3, .window = 60s});
  EXPECT_TRUE(limit.take(clock.now()));
  clock.advance(4s);
  EXPECT_FALSE(limit.take(clock.now())) << "too close";
  clock.advance(1s);
  EXPECT_TRUE(limit.take(clock.now()));
  clock.advance(5s);
  EXPECT_TRUE(limit.take(clock.now()));
  clock.advance(5s);
  EXPECT_FALSE(limit.take(clock.now())) << "too many";
  EXPECT_EQ(limit.next(clock.now()), clock.now() + 45s);
  clock.advance(45s);
  EXPECT_TRUE(limit.take(clock.now()));
}

// Focus checklist: 83
TEST(FeaturesCache, KeepsOnlyWhatProvesItsHash) {
  xmpp::DiscoInfo info;
  info.features = {"http://jitsi.org/ssrc-rewriting-1"};
  FeaturesCache cache;
  const xmpp::Caps honest = xmpp::make_caps("n", info);
  cache.put(honest, info);
  ASSERT_TRUE(cache.find(honest));
  EXPECT_TRUE(cache.find(honest)->ssrc_rewriting);

  xmpp::DiscoInfo other;
  other.features = {"http://jitsi.org/json-encoded-sources"};
  const xmpp::Caps victim = xmpp::make_caps("n", other);
  cache.put(victim, info);
  EXPECT_FALSE(cache.find(victim)) << "nobody speaks for others";
  xmpp::Caps weak = honest;
  weak.hash = "md5";
  EXPECT_FALSE(cache.find(weak));
}

// Focus checklist: 190
TEST(FeaturesCache, StaysBounded) {
  FeaturesCache cache;
  for (std::size_t i = 0; i < FeaturesCache::kMaxEntries + 10; ++i) {
    xmpp::DiscoInfo info;
    info.features = {"feature " + std::to_string(i)};
    cache.put(xmpp::make_caps("n", info), info);
  }
  EXPECT_LE(cache.size(), FeaturesCache::kMaxEntries);
}

// Focus checklist: 82
TEST(Features, TheDefaultIsAudioVideoAndData) {
  const Features unknown;
  EXPECT_TRUE(unknown.audio && unknown.video && unknown.data);
  EXPECT_FALSE(unknown.json_sources || unknown.ssrc_rewriting);
}

TEST(Sending, ReadsSourceInfoAndTheOlderElements) {
  xmpp::MucPresence presence;
  EXPECT_EQ(sending(presence), Sending{});
  presence.audio_muted = false;
  EXPECT_EQ(sending(presence), (Sending{.audio = true}));
  presence.sources = {
      {SourceName("aa-v1"), {.kind = MediaKind::video, .muted = false}}
  };
  EXPECT_EQ(sending(presence), (Sending{.video = true})) << "SourceInfo counts alone";
}

}  // namespace
}  // namespace cloister::focus::room
