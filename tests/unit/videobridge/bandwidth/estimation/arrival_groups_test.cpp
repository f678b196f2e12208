#include "videobridge/bandwidth/estimation/arrival_groups.h"

#include <gtest/gtest.h>

#include <vector>

namespace cloister::videobridge::bandwidth::estimation {
namespace {

struct Sent {
  Duration at;
  Duration arrival;
};
struct Story {
  const char* why;
  std::vector<Sent> packets;
  std::vector<GroupDelta> deltas;
};

const Story kStories[] = {
    {"a group counts by its last packet",
     {{0ms, 20ms}, {2ms, 24ms}, {30ms, 50ms}, {31ms, 58ms}, {60ms, 80ms}},
     {{29ms, 34ms, 58ms}}                                                                                             },
    {"packets of one send time belong together, however long they take",
     {{0ms, 20ms}, {0ms, 40ms}, {0ms, 60ms}, {33ms, 70ms}, {66ms, 90ms}},
     {{33ms, 10ms, 70ms}}                                                                                             },
    {"what was held up and arrives in one go is one group",
     {{0ms, 20ms}, {10ms, 50ms}, {20ms, 51ms}, {30ms, 52ms}, {60ms, 80ms}},
     {{30ms, 32ms, 52ms}}                                                                                             },
    {"packets sent before the group are left out",
     {{0ms, 20ms}, {30ms, 50ms}, {10ms, 55ms}, {60ms, 80ms}},
     {{30ms, 30ms, 50ms}}                                                                                             },
    {"packets that overtook each other are one group",                   {{0ms, 90ms}, {30ms, 50ms}, {60ms, 80ms}}, {}},
    {"one group alone has nothing to be compared with",                  {{0ms, 20ms}, {10ms, 30ms}},               {}},
};

TEST(ArrivalGroups, CompareWhatLeftTogether) {
  for (const Story& story : kStories) {
    SCOPED_TRACE(story.why);
    ArrivalGroups groups;
    std::vector<GroupDelta> deltas;
    for (const Sent& packet : story.packets)
      if (const auto delta = groups.add(TimePoint(packet.at), packet.arrival)) deltas.push_back(*delta);
    ASSERT_EQ(deltas.size(), story.deltas.size());
    for (std::size_t i = 0; i < deltas.size(); ++i) {
      EXPECT_EQ(deltas[i].send, story.deltas[i].send);
      EXPECT_EQ(deltas[i].arrival, story.deltas[i].arrival);
      EXPECT_EQ(deltas[i].arrived, story.deltas[i].arrived);
    }
  }
}

}  // namespace
}  // namespace cloister::videobridge::bandwidth::estimation
