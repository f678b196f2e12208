// Large and many rooms: what they cost, and that nothing of them stays.
#include <ctime>

#include "support/heap.h"
#include "unit/focus/room/calls_fixture.h"

namespace cloister::focus::room {
namespace {

class Capacity : public CallsTest {
protected:
  static constexpr int kMany = 500;

  // Everybody comes, is offered a call and accepts it, as stanza after stanza would have it.
  void fill(int people) {
    bridge_comes();
    open();
    for (int i = 0; i < people; ++i) {
      const std::string nick = "p" + std::to_string(i);
      auto joining = presence(nick);
      joining.caps = xmpp::make_caps("https://jitsi.org/jitsi-meet", capable(true));
      room->on_occupant(joining);
      clients_describe_themselves(true);
      bridge_answers();
      if (i == 0) continue;
      if (i == 1) accept("p0", 0);
      accept(nick, i);
      port = Recorder{};  // whose notes are no part of the focus
      port.room = room.get();
    }
  }
  void accept(const std::string& nick, int number) {
    ASSERT_TRUE(accepts(nick, static_cast<std::uint32_t>(10 * number + 1000)));
    bridge_answers();
  }
  void everybody_leaves(int people) {
    for (int i = 0; i < people; ++i) leaves("p" + std::to_string(i));
    port = Recorder{};
  }
};

// Focus checklist: 190
TEST_F(Capacity, AParticipantCostsLessThan100Kilobytes) {
  const std::size_t before = support::bytes_in_use();
  fill(kMany);
  const std::size_t each = (support::bytes_in_use() - before) / kMany;
  RecordProperty("bytes_per_participant", static_cast<int>(each));
  EXPECT_LT(each, 100'000U);
  EXPECT_EQ(counters.accepted.value(), static_cast<std::uint64_t>(kMany));
}

// What 500 joining within 10 s takes of a processor: a tenth of it, so that there is room for sanitizers.
TEST_F(Capacity, FiveHundredJoinOneRoomInAFewSecondsOfOneProcessor) {
  const std::clock_t start = std::clock();
  fill(kMany);
  const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
  RecordProperty("milliseconds", static_cast<int>(seconds * 1000));
  EXPECT_LT(seconds, 10.0);
}

// Focus checklist: 190
TEST_F(Capacity, AThousandConferencesLeaveNothingBehind) {
  const auto one_conference = [this] {
    start();
    fill(3);
    everybody_leaves(3);
    EXPECT_TRUE(room->is_over());
    room.reset();
  };
  for (int i = 0; i < 10; ++i) one_conference();
  const std::size_t before = support::bytes_in_use();
  for (int i = 0; i < 1000; ++i) one_conference();
  EXPECT_LT(support::bytes_in_use(), before + 10'000) << "a few bytes a conference would show";
}

}  // namespace
}  // namespace cloister::focus::room
