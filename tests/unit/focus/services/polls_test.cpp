#include "focus/services/polls.h"

#include "people.h"

namespace cloister::focus::services {
namespace {

using rights::Policy;
using rights::Role;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using xmpp::ErrorCondition;

constexpr const char* kLunch =
    R"({"type":"polls","command":"new-poll","pollId":"p1","question":"Lunch?","answers":[{"name":"Yes"},{"name":"No"}]})";

std::string answer(const std::string& id, const std::string& choice) {
  return R"({"type":"polls","command":"answer-poll","pollId":")" + id + R"(","answers":)" + choice + "}";
}

class PollsTest : public testing::Test, Polls::Port {
protected:
  void on_asked(const Poll& poll) override { log.push_back("asked " + poll.question.expose()); }
  void on_answered(const Poll& poll, const EndpointId& voter) override {
    std::string line = voter.expose();
    for (const bool chosen : poll.votes.at(voter).choice) line += chosen ? " x" : " -";
    log.push_back(line);
  }
  Answer says(const std::string& nick, const std::string& text, Role role = Role::participant,
              const Policy& policy = {}) {
    const auto command = parse_poll_command(text);
    if (!command) return refuse(ErrorCondition::undefined_condition);
    return polls.on_command({.id = EndpointId(nick), .role = role}, *command, policy);
  }
  Polls polls{*this};
  std::vector<std::string> log;
};

TEST_F(PollsTest, AskedAndAnsweredAndAnsweredAnew) {
  ASSERT_TRUE(says("ann", kLunch));
  ASSERT_TRUE(says("bob", answer("p1", "[true,false]")));
  ASSERT_TRUE(says("bob", answer("p1", "[false,true]")));
  EXPECT_THAT(log, ElementsAre("asked Lunch?", "bob x -", "bob - x"));
  ASSERT_THAT(polls.all(), SizeIs(1));
  EXPECT_THAT(polls.all()[0].votes, SizeIs(1)) << "one person has one vote";
  EXPECT_EQ(polls.all()[0].asker.id, EndpointId("ann"));
}

TEST_F(PollsTest, RefusedOnesChangeNothing) {
  ASSERT_TRUE(says("ann", kLunch));
  log.clear();
  EXPECT_REFUSED(says("bob", kLunch), ErrorCondition::conflict);
  EXPECT_REFUSED(says("bob", answer("p2", "[true,true]")), ErrorCondition::item_not_found);
  EXPECT_REFUSED(says("bob", answer("p1", "[true]")), ErrorCondition::bad_request);
  const Policy no_chat = Policy{}.set(rights::Switch::chat, false);
  EXPECT_REFUSED(says("bob", answer("p1", "[true,true]"), Role::participant, no_chat),
                 ErrorCondition::forbidden);
  EXPECT_THAT(log, IsEmpty());
  EXPECT_TRUE(says("host", answer("p1", "[true,true]"), Role::host, no_chat));
}

TEST_F(PollsTest, TheirNumberIsBounded) {
  for (std::size_t i = 0; i < Polls::kMost; ++i) {
    std::string text = kLunch;
    text.replace(text.find("p1"), 2, "q" + std::to_string(i));
    ASSERT_TRUE(says("ann", text));
  }
  EXPECT_REFUSED(says("ann", kLunch), ErrorCondition::resource_constraint);
}

TEST(PollCommand, IsReadWithinBounds) {
  const auto with_question = [](const std::string& question) {
    return R"({"type":"polls","command":"new-poll","pollId":"p","question":")" + question +
           R"(","answers":[{"name":"a"}]})";
  };
  std::string long_umlauts;
  for (std::size_t i = 0; i < Polls::kLongestText; ++i) long_umlauts += "ä";
  EXPECT_TRUE(parse_poll_command(with_question(long_umlauts))) << "characters count, not bytes";
  EXPECT_FALSE(parse_poll_command(with_question(long_umlauts + "ä")));
  EXPECT_FALSE(parse_poll_command(with_question("")));
  EXPECT_FALSE(parse_poll_command(answer("p", "[]")));
  EXPECT_FALSE(parse_poll_command(answer("p", "[1]")));
  EXPECT_FALSE(parse_poll_command(answer("p",
                                         "[true,true,true,true,true,true,true,true,true,true,true,true,true,"
                                         "true,true,true,true,true,true,true,true]")));
  EXPECT_FALSE(parse_poll_command(answer("", "[true]")));
  EXPECT_FALSE(parse_poll_command(answer(std::string(65, 'p'), "[true]")));
  EXPECT_FALSE(parse_poll_command(R"({"type":"chat","command":"new-poll"})"));
  EXPECT_FALSE(parse_poll_command("polls"));
}

}  // namespace
}  // namespace cloister::focus::services
