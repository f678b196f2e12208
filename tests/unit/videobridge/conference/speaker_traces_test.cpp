// Levels that participants send, and the decisions that the algorithm asks for, worked out by
// speaker_traces/make_traces.py without any of our code.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "videobridge/conference/speech/dominant_speaker.h"

namespace cloister::videobridge::conference {
namespace {

struct Change {
  int milliseconds = 0;
  std::size_t who = 0;
  friend bool operator==(const Change&, const Change&) = default;
  friend std::ostream& operator<<(std::ostream& out, const Change& change) {
    return out << change.who << " at " << change.milliseconds << " ms";
  }
};

using Levels = std::vector<std::optional<std::uint8_t>>;
struct Trace {
  std::vector<Levels> packets;  // 20 ms apart
  std::vector<Change> changes;
};

Levels read_levels(std::istream& in) {
  Levels out;
  for (std::string word; in >> word;)
    out.push_back(word == "-" ? std::nullopt : std::optional(static_cast<std::uint8_t>(std::stoi(word))));
  return out;
}

Trace read_trace(const std::filesystem::path& file) {
  Trace trace;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    if (first == "#") continue;
    if (first == "=") {
      Change change;
      words >> change.milliseconds >> change.who;
      trace.changes.push_back(change);
    } else {
      trace.packets.insert(trace.packets.end(), std::stoul(first), read_levels(words));
    }
  }
  return trace;
}

std::vector<Change> replay(const std::vector<Levels>& packets) {
  std::vector<SpeechActivity> activities(packets.front().size());
  DominantSpeaker speaker;
  std::vector<Change> changes;
  const TimePoint start{1000s};
  TimePoint now = start;
  for (const Levels& levels : packets) {
    for (std::size_t i = 0; i < levels.size(); ++i)
      if (levels[i]) speaker.on_level(activities[i], *levels[i], now);
    if (speaker.next_wakeup() && *speaker.next_wakeup() <= now && speaker.on_wakeup(now))
      changes.push_back({static_cast<int>((now - start) / 1ms),
                         static_cast<std::size_t>(speaker.current() - activities.data())});
    now += 20ms;
  }
  return changes;
}

class SpeakerTrace : public testing::TestWithParam<const char*> {};

// Checklist: 203, 204
TEST_P(SpeakerTrace, LeadsToTheDecisionsOfTheAlgorithm) {
  const Trace trace =
      read_trace(std::filesystem::path(SPEAKER_TRACES) / (std::string(GetParam()) + ".trace"));
  ASSERT_FALSE(trace.packets.empty());
  EXPECT_EQ(replay(trace.packets), trace.changes);
}

INSTANTIATE_TEST_SUITE_P(Golden, SpeakerTrace,
                         testing::Values("alternating", "cough_into_speech", "cough_into_silence",
                                         "background_noise", "crosstalk", "late_and_muted"),
                         [](const auto& test) { return std::string(test.param); });

}  // namespace
}  // namespace cloister::videobridge::conference
