#include "focus/services/breakout_rooms.h"

#include "people.h"
#include "support/fake_clock.h"

namespace cloister::focus::services {
namespace {

using rights::Role;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using xmpp::BreakoutCommand;
using xmpp::ErrorCondition;
using Action = BreakoutCommand::Action;

class BreakoutRoomsTest : public testing::Test, BreakoutRooms::Port {
protected:
  void broadcast(const BreakoutRooms& state) override {
    log.push_back("state of " + std::to_string(state.rooms().size()));
  }
  void send_to_room(const xmpp::Jid& person, const xmpp::Jid& room) override {
    log.push_back("send " + std::string(person.local()) + " to " + (room == main_room ? "main" : "breakout"));
  }
  void destroy(const xmpp::Jid&) override { log.emplace_back("destroy"); }
  void keep_main(room::Kept kept) override {
    const char* const words[] = {"main may end", "main stays", "main stays led"};
    log.emplace_back(words[static_cast<std::size_t>(kept)]);
  }

  void comes(const std::string& nick, Role role = Role::participant) {
    main.update(presence(nick, role));
    rooms.on_main_changed();
  }
  void leaves(const std::string& nick) {
    main.update(absence(nick));
    rooms.on_main_changed();
  }
  Answer says(const std::string& nick, const BreakoutCommand& command) {
    return rooms.on_command(*main.find(EndpointId(nick)), command);
  }
  xmpp::Jid makes_room(const std::string& nick = "host") {
    EXPECT_TRUE(says(nick, {.action = Action::add, .subject = Personal<std::string>("A")}));
    return rooms.rooms().begin()->first;
  }
  void enters(const xmpp::Jid& room, const std::string& nick, Role role = Role::participant) {
    rooms.on_occupant(room, presence(nick, role, room.text_for_wire()));
  }
  void exits(const xmpp::Jid& room, const std::string& nick) {
    rooms.on_occupant(room, absence(nick, room.text_for_wire()));
  }
  void run_for(Duration duration) {
    const TimePoint end = clock.now() + duration;
    while (rooms.next_wakeup() && *rooms.next_wakeup() <= end) {
      clock.time = std::max(clock.now(), *rooms.next_wakeup());
      rooms.on_wakeup();
    }
    clock.time = end;
  }
  std::vector<std::string> take() { return std::exchange(log, {}); }

  const xmpp::Jid main_room = jid("r@conference.d");
  support::FakeClock clock;
  Roster main;
  BreakoutRooms rooms{main_room, main, "breakout.d", clock, *this};
  std::vector<std::string> log;
};

// Focus checklist: 180
TEST_F(BreakoutRoomsTest, MadeNamedEnteredAndRemoved) {
  comes("host", Role::host);
  const xmpp::Jid room = makes_room();
  EXPECT_EQ(room.domain(), "breakout.d");
  EXPECT_THAT(take(), ElementsAre("main stays"));
  ASSERT_TRUE(
      says("host",
           {.action = Action::rename, .subject = Personal<std::string>("Group B"), .breakout_room = room}));
  enters(room, "pupil");
  enters(room, "host", Role::host);
  EXPECT_THAT(take(), ElementsAre("main stays led"));
  run_for(1s);
  EXPECT_THAT(take(), ElementsAre("state of 1")) << "once for all that has changed";
  EXPECT_EQ(rooms.rooms().at(room).name.expose(), "Group B");
  EXPECT_EQ(rooms.rooms().at(room).people.people().size(), 2U);
  ASSERT_TRUE(says("host", {.action = Action::remove, .breakout_room = room}));
  run_for(1s);
  EXPECT_THAT(take(), ElementsAre("destroy", "main may end", "state of 0"));
}

TEST_F(BreakoutRoomsTest, StateGoesOutAtMostEvery300Milliseconds) {
  comes("host", Role::host);
  makes_room();
  run_for(0s);
  take();
  for (int i = 0; i < 30; ++i) {
    comes("p" + std::to_string(i));
    run_for(20ms);
  }
  EXPECT_THAT(take(), SizeIs(2)) << "in 600 ms";
}

TEST_F(BreakoutRoomsTest, PeopleAreSentFromWhereverTheyAre) {
  comes("host", Role::host);
  comes("pupil");
  const xmpp::Jid room = makes_room();
  take();
  const auto move = [&](const std::string& whom, const xmpp::Jid& where) {
    return says("host", {.action = Action::move, .participant = jid(whom), .room = where});
  };
  EXPECT_TRUE(move("pupil@guest.d/tab", room)) << "by real address, as stock clients do";
  EXPECT_TRUE(move("r@conference.d/pupil", room));
  leaves("pupil");
  enters(room, "pupil");
  EXPECT_TRUE(move("pupil@guest.d/tab", main_room));
  EXPECT_THAT(take(), ElementsAre("send pupil to breakout", "send pupil to breakout", "send pupil to main"));
  EXPECT_REFUSED(move("stranger@guest.d/tab", room), ErrorCondition::item_not_found);
  EXPECT_REFUSED(move("pupil@guest.d/tab", jid("other@conference.d")), ErrorCondition::item_not_found);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(BreakoutRoomsTest, AllGoWhenNobodyIsAnywhereForFiveSeconds) {
  comes("host", Role::host);
  const xmpp::Jid room = makes_room();
  enters(room, "pupil");
  leaves("host");
  run_for(10min);
  EXPECT_TRUE(rooms.has(room));
  exits(room, "pupil");
  run_for(4s);
  enters(room, "pupil");
  run_for(10s);
  EXPECT_TRUE(rooms.has(room)) << "somebody came back in time";
  take();
  exits(room, "pupil");
  run_for(6s);
  EXPECT_THAT(take(), ElementsAre("state of 1", "destroy", "main may end"));
  EXPECT_THAT(rooms.rooms(), IsEmpty());
}

TEST_F(BreakoutRoomsTest, CoHostsManageThemAndNobodyBelow) {
  comes("aide", Role::co_host);
  comes("pupil");
  comes("viewer", Role::viewer);
  const xmpp::Jid room = makes_room("aide");
  take();
  for (const char* const nick : {"pupil", "viewer"}) {
    EXPECT_REFUSED(says(nick, {.action = Action::add}), ErrorCondition::forbidden);
    EXPECT_REFUSED(says(nick, {.action = Action::remove, .breakout_room = room}), ErrorCondition::forbidden);
    EXPECT_REFUSED(says(nick, {.action = Action::move, .participant = jid("aide@guest.d/tab"), .room = room}),
                   ErrorCondition::forbidden);
  }
  EXPECT_REFUSED(says("aide", {.action = Action::rename, .breakout_room = jid("x@breakout.d")}),
                 ErrorCondition::item_not_found);
  EXPECT_REFUSED(
      says("aide", {.action = Action::add, .subject = Personal<std::string>(std::string(401, 'x'))}),
      ErrorCondition::not_acceptable);
  EXPECT_THAT(take(), IsEmpty());
}

TEST_F(BreakoutRoomsTest, TheirNumberIsBounded) {
  comes("host", Role::host);
  for (std::size_t i = 0; i < BreakoutRooms::kMost; ++i) makes_room();
  EXPECT_REFUSED(says("host", {.action = Action::add}), ErrorCondition::resource_constraint);
}

}  // namespace
}  // namespace cloister::focus::services
