// Several meetings on two bridges: how they spread, and what becomes of them when one bridge dies or is to be
// emptied.
#include <array>

#include "unit/focus/room/calls_fixture.h"

namespace cloister::focus::room {
namespace {

using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;

// One meeting of two people; everything else belongs to all.
struct Meeting {
  std::string name;
  std::unique_ptr<Recorder> port = std::make_unique<Recorder>();
  std::unique_ptr<Room> room{};
};

class TwoBridges : public CallsTest {
protected:
  TwoBridges() {
    room.reset();
    port.room = nullptr;
    for (std::size_t i = 0; i < meetings.size(); ++i) {
      meetings[i].name = "room" + std::to_string(i);
      meetings[i].room =
          std::make_unique<Room>(Room::Environment{.settings = settings,
                                                   .bridges = list,
                                                   .features = cache,
                                                   .clock = clock,
                                                   .counters = counters,
                                                   .caps = {}},
                                 jid(meetings[i].name + "@conference.d"), jid("focus@auth.d/focus"),
                                 RequestProperties{}, *meetings[i].port);
    }
    says("jvb1");
    says("jvb2");
    for (Meeting& meeting : meetings) gather(meeting);
  }

  // The list of bridges tells all meetings, as Conferences does.
  struct Town : bridges::BridgeList::Port {
    explicit Town(TwoBridges& all) : test(all) {}
    void check_health(const xmpp::Jid&) override {}
    void on_bridge_available() override {
      for (Meeting& meeting : test.meetings) meeting.room->calls().on_bridge_available();
    }
    void on_bridge_lost(const xmpp::Jid& bridge) override {
      for (Meeting& meeting : test.meetings) meeting.room->calls().on_bridge_lost(bridge);
    }
    bool relieve(const xmpp::Jid& bridge) override {
      return std::ranges::any_of(test.meetings,
                                 [&](Meeting& meeting) { return meeting.room->calls().move_off(bridge); });
    }
    TwoBridges& test;
  };

  void says(const std::string& nick, const std::string& drain = "false") {
    list.on_presence({.occupant = bridge(nick), .nick = EndpointId(nick), .stats = {{"drain", drain}}});
  }
  void gather(Meeting& meeting) {
    meeting.room->on_joined(MeetingId(meeting.name));
    const xmpp::DiscoInfo info = capable(true);
    for (const char* nick : {"aa", "bb"}) {
      auto joining = presence(nick);
      joining.occupant = jid(meeting.name + "@conference.d/" + nick);
      meeting.room->on_occupant(joining);
    }
    for (const auto& [client, request] : meeting.port->discoveries)
      meeting.room->on_discovered(client, request, &info);
    connect(meeting);
  }
  // The bridge answers, and both accept what they are offered.
  void connect(Meeting& meeting) {
    auto& asked = meeting.port->to_bridge;
    while (!asked.empty()) {
      const auto one = asked.front();
      asked.pop_front();
      meeting.room->calls().on_bridge_answer(one.request, allocated(one.modify));
    }
    for (const auto& [client, offer] : std::exchange(meeting.port->to_clients, {})) {
      if (offer.action != Action::session_initiate) continue;
      jingle::Jingle accept{.action = Action::session_accept, .action_text = "x", .sid = offer.sid};
      accept.contents = sources_of(client.expose(), client.expose() == "aa" ? 1000 : 2000);
      accept.contents[0].transport.emplace();
      EXPECT_TRUE(meeting.room->calls().on_jingle(client, accept));
    }
    asked.clear();
    home[meeting.name] = bridge_of(meeting);
  }
  // Where the last allocation went.
  static std::string bridge_of(const Meeting& meeting) {
    for (auto line = meeting.port->log.rbegin(); line != meeting.port->log.rend(); ++line)
      if (line->find(" +") != std::string::npos) return line->substr(0, line->find(':'));
    return "none";
  }
  std::vector<std::string> homes() const {
    std::vector<std::string> all;
    for (const auto& [name, bridge] : home) all.push_back(bridge);
    return all;
  }
  std::size_t on(const std::string& nick) const {
    return static_cast<std::size_t>(std::ranges::count(homes(), nick));
  }
  void pass(Duration duration) {
    const TimePoint end = clock.now() + duration;
    while (list.next_wakeup() && *list.next_wakeup() <= end) {
      clock.time = std::max(clock.now(), *list.next_wakeup());
      list.on_wakeup();
    }
    clock.time = end;
  }

  std::array<Meeting, 6> meetings;
  std::map<std::string, std::string> home;
  Town town{*this};
  bridges::BridgeList list{clock, town};
};

// Focus checklist: 158, 159, 160
TEST_F(TwoBridges, MeetingsSpreadEvenlyThoughNoLoadIsReportedYet) {
  EXPECT_EQ(on("jvb1"), 3U);
  EXPECT_EQ(on("jvb2"), 3U);
}

// Focus checklist: 162
TEST_F(TwoBridges, WhenOneDiesItsMeetingsGoOnAtTheOtherAtOnceAndNobodyElseNotices) {
  for (Meeting& meeting : meetings) meeting.port->take();
  const auto before = home;
  list.on_presence({.occupant = bridge("jvb2"), .nick = EndpointId("jvb2"), .available = false});
  for (Meeting& meeting : meetings) {
    SCOPED_TRACE(meeting.name);
    if (before.at(meeting.name) == "jvb1") {
      EXPECT_THAT(meeting.port->log, IsEmpty());
    } else {
      EXPECT_THAT(meeting.port->log, ElementsAre("terminate aa success/moving", "terminate bb success/moving",
                                                 "jvb2: expire", "jvb1: create +aa", "jvb1: +bb"));
      connect(meeting);
    }
  }
  EXPECT_THAT(homes(), Each("jvb1"));
  EXPECT_EQ(counters.participants_moved.value(), 6U);
  EXPECT_EQ(counters.bridges_removed.value(), 3U);
}

// Focus checklist: 157, 162
TEST_F(TwoBridges, ADrainingBridgeIsEmptiedMeetingByMeeting) {
  says("jvb1", "true");
  for (std::size_t left = 3; left-- > 0;) {
    pass(1s);
    for (Meeting& meeting : meetings) connect(meeting);
    EXPECT_EQ(on("jvb1"), left);
  }
  for (Meeting& meeting : meetings) meeting.port->take();
  pass(60s);
  for (Meeting& meeting : meetings) EXPECT_THAT(meeting.port->log, IsEmpty()) << "nobody moves back";
}

// Focus checklist: 162
TEST_F(TwoBridges, WhenBothAreGoneEverybodyWaitsForTheNext) {
  for (const char* nick : {"jvb1", "jvb2"})
    list.on_presence({.occupant = bridge(nick), .nick = EndpointId(nick), .available = false});
  for (Meeting& meeting : meetings) EXPECT_TRUE(meeting.port->published.bridge_not_available);
  says("jvb3");
  for (Meeting& meeting : meetings) connect(meeting);
  EXPECT_THAT(homes(), Each("jvb3"));
}

}  // namespace
}  // namespace cloister::focus::room
