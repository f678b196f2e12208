#include "focus/services/speaker_statistics.h"

#include "people.h"
#include "support/fake_clock.h"

namespace cloister::focus::services {
namespace {

class SpeakerStatisticsTest : public testing::Test {
protected:
  static Person person(const std::string& nick) {
    return {.id = EndpointId(nick), .name = Personal<std::string>("Name of " + nick)};
  }
  void comes(const std::string& nick) { statistics.on_came(person(nick), clock.now()); }
  void speaks(const std::string& nick, bool silent = false) {
    statistics.on_report(person(nick), silent, clock.now());
  }
  Duration spoken(const std::string& nick) {
    const auto all = statistics.totals(clock.now());
    const auto found = all.find(EndpointId(nick));
    return found == all.end() ? Duration(-1) : found->second.spoken;
  }
  support::FakeClock clock;
  SpeakerStatistics statistics;
};

TEST_F(SpeakerStatisticsTest, CountsWhoHasTheWord) {
  comes("ann");
  comes("bob");
  speaks("ann");
  clock.advance(10s);
  speaks("bob");
  clock.advance(4s);
  speaks("bob", true);
  clock.advance(30s);
  speaks("ann");
  clock.advance(1s);
  EXPECT_EQ(spoken("ann"), 11s) << "up to now";
  EXPECT_EQ(spoken("bob"), 4s);
}

TEST_F(SpeakerStatisticsTest, SilenceOfAnotherTakesTheWordFromNobody) {
  comes("ann");
  comes("bob");
  speaks("ann");
  speaks("bob", true);
  clock.advance(5s);
  EXPECT_EQ(spoken("ann"), 5s);
}

TEST_F(SpeakerStatisticsTest, WhoLeftStaysInTheListAndSpeaksNoMore) {
  comes("ann");
  speaks("ann");
  clock.advance(5s);
  statistics.on_left(person("ann"), clock.now());
  clock.advance(1h);
  EXPECT_EQ(spoken("ann"), 5s);
  comes("ann");
  speaks("ann");
  clock.advance(1s);
  EXPECT_EQ(spoken("ann"), 6s);
}

TEST_F(SpeakerStatisticsTest, WhoLeftFirstMakesRoom) {
  for (std::size_t i = 0; i < SpeakerStatistics::kMostPeople; ++i) comes("p" + std::to_string(i));
  comes("late");
  EXPECT_EQ(spoken("late"), Duration(-1)) << "all places are taken by people who are there";
  statistics.on_left(person("p7"), clock.now());
  statistics.on_left(person("p3"), clock.now());
  comes("late");
  EXPECT_EQ(spoken("late"), 0s);
  EXPECT_EQ(spoken("p7"), Duration(-1));
  EXPECT_EQ(spoken("p3"), 0s);
}

}  // namespace
}  // namespace cloister::focus::services
