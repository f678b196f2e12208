#include "xmpp/muc_room.h"

#include <gtest/gtest.h>

#include "support/fake_session.h"
#include "support/run_until.h"

namespace cloister::xmpp {
namespace {

Jid jid(std::string_view text) { return *Jid::parse(text); }

class Room : public testing::Test, protected MucRoom::Listener {
protected:
  void on_joined(const MucPresence&) override { log.emplace_back("joined"); }
  void on_join_failed(const StanzaError& error) override {
    log.emplace_back(error.condition == ErrorCondition::not_authorized ? "refused" : "failed");
    room.reset();
  }
  void on_occupant(const MucPresence& presence) override { log.push_back(presence.nick.expose()); }
  void on_self(const MucPresence&) override { log.emplace_back("self"); }
  void on_removed(const MucPresence&) override {
    log.emplace_back("removed");
    room.reset();
  }
  void arrive(MucPresence presence, std::string_view nick) {
    presence.occupant = jid("room@c.d").with_resource(nick);
    presence.nick = EndpointId(std::string(nick));
    session.router().deliver(presence);
  }

  net::Reactor reactor;
  support::FakeSession session;
  std::vector<std::string> log;
  std::unique_ptr<MucRoom> room = std::make_unique<MucRoom>(reactor, session, jid("room@c.d/focus"),
                                                            static_cast<MucRoom::Listener&>(*this));
};

TEST_F(Room, IsEnteredWithOnesOwnPresence) {
  room->join({.versions = {{"focus", "1"}}});
  ASSERT_EQ(session.published.size(), 1U);
  EXPECT_TRUE(session.published[0].join);
  room->publish({.bridge_not_available = true});
  EXPECT_EQ(session.published.size(), 1U);
  arrive({}, "ab");
  arrive({.status = {110}}, "focus");
  EXPECT_TRUE(room->inside());
  ASSERT_EQ(session.published.size(), 2U);
  EXPECT_FALSE(session.published[1].join);
  EXPECT_TRUE(session.published[1].content.bridge_not_available);
  arrive({.status = {110}}, "focus");
  arrive({.available = false}, "ab");
  EXPECT_EQ(log, (std::vector<std::string>{"ab", "joined", "self", "ab"}));
}

TEST_F(Room, SaysWhyOneMayNotEnter) {
  room->join({});
  arrive({.available = false, .error = StanzaError{.condition = ErrorCondition::not_authorized}}, "focus");
  EXPECT_EQ(log, std::vector<std::string>{"refused"});
}

TEST_F(Room, SaysWhenOneIsThrownOut) {
  room->join({});
  arrive({.status = {110}}, "focus");
  arrive(
      {
          .available = false, .status = {307, 110}
  },
      "focus");
  arrive({}, "ab");
  EXPECT_EQ(log, (std::vector<std::string>{"joined", "removed"}));
  EXPECT_TRUE(session.left.empty());
}

TEST_F(Room, IsLeftWhenItsOwnerGoes) {
  room->join({});
  arrive({.status = {110}}, "focus");
  room.reset();
  arrive({.available = false, .status = {110}}, "focus");
  EXPECT_EQ(session.left, std::vector{jid("room@c.d/focus")});
  EXPECT_EQ(log, std::vector<std::string>{"joined"});
}

TEST_F(Room, KeepsTheNickThatTheServiceGave) {
  room->join({});
  arrive(
      {
          .status = {110, 210}
  },
      "focus-2");
  EXPECT_EQ(room->occupant(), jid("room@c.d/focus-2"));
}

TEST_F(Room, IsConfiguredAsAWhole) {
  room->join({});
  arrive({.status = {110}}, "focus");
  bool done = false;
  room->fetch_configuration([&](Result<DataForm, StanzaError> form) {
    ASSERT_TRUE(form);
    form->set("muc#roomconfig_whois", "anyone");
    room->submit_configuration(*form, [&](const auto& result) { done = result.has_value(); });
  });
  DataForm form{
      .type = "form", .fields = {{.name = "a", .values = {"1", "2"}}, {.name = "muc#roomconfig_whois"}}
  };
  session.asked.at(0).done(MucOwnerForm{.form = form});
  const auto& submitted = std::get<MucOwnerSubmit>(session.asked.at(1).request).form;
  EXPECT_EQ(submitted.type, "submit");
  EXPECT_EQ(submitted.find("a")->values, (std::vector<std::string>{"1", "2"}));
  EXPECT_EQ(submitted.value("muc#roomconfig_whois"), "anyone");
  session.asked.at(1).done(Empty{});
  EXPECT_TRUE(done);
}

}  // namespace
}  // namespace cloister::xmpp
