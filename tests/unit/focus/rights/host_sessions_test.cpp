#include "focus/rights/host_sessions.h"

#include <gtest/gtest.h>

#include "support/fake_clock.h"

namespace cloister::focus::rights {
namespace {

using xmpp::ErrorCondition;

xmpp::Jid jid(const std::string& text) { return xmpp::Jid::parse(text).value(); }

class HostSessionsTest : public testing::Test {
protected:
  HostSessions::Answer asks(const std::string& from, const std::string& machine,
                            const std::string& session = {}) {
    return sessions.identify(
        {.machine_uid = Personal<std::string>(machine), .session_id = Personal<std::string>(session)},
        from.empty() ? std::nullopt : std::optional(jid(from)));
  }
  std::string signs_in(const std::string& machine = "laptop") {
    const auto answer = asks("ana@d/second", machine);
    return answer && *answer ? (*answer)->session_id.expose() : std::string();
  }

  support::FakeClock clock;
  HostSessions sessions{
      {.host_domain = "d", .most = 3},
      clock
  };
};

TEST_F(HostSessionsTest, AGuestIsNobodyInParticular) {
  for (const std::string from : {"aa@guest.d/tab", "d", ""}) {
    const auto answer = asks(from, "laptop");
    ASSERT_TRUE(answer) << from;
    EXPECT_FALSE(*answer) << from;
  }
  EXPECT_EQ(sessions.size(), 0U);
}

// Focus checklist: 41, 44, 45
TEST_F(HostSessionsTest, WhoSignedInOnASecondConnectionIsKnownAsAGuestByTheSession) {
  const std::string session = signs_in();
  EXPECT_GE(session.size(), 32U) << "not to be guessed";
  const auto answer = asks("aa@guest.d/tab", "laptop", session);
  ASSERT_TRUE(answer && *answer);
  EXPECT_EQ((*answer)->account, jid("ana@d"));
  EXPECT_EQ((*answer)->session_id.expose(), session);

  const auto missing = asks("ana@d/second", "");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().condition, ErrorCondition::not_acceptable);
  EXPECT_FALSE(asks("ana@d/second", std::string(257, 'a')));
}

// Focus checklist: 42
TEST_F(HostSessionsTest, AnInventedSessionIsInvalid) {
  const auto answer = asks("aa@guest.d/tab", "laptop", "7d1f");
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().condition, ErrorCondition::not_acceptable);
  EXPECT_TRUE(answer.error().session_invalid);
}

// Focus checklist: 43
TEST_F(HostSessionsTest, ASessionBelongsToItsBrowser) {
  const std::string session = signs_in();
  for (const std::string machine : {"other", ""}) {
    const auto answer = asks("aa@guest.d/tab", machine, session);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().condition, ErrorCondition::not_acceptable);
    EXPECT_FALSE(answer.error().session_invalid);
  }
}

// Focus checklist: 48
TEST_F(HostSessionsTest, EndsADayAfterItWasLastShown) {
  const std::string session = signs_in();
  clock.advance(23h);
  EXPECT_TRUE(asks("aa@guest.d/tab", "laptop", session));
  clock.advance(23h);
  EXPECT_TRUE(asks("aa@guest.d/tab", "laptop", session));
  clock.advance(24h);
  EXPECT_FALSE(asks("aa@guest.d/tab", "laptop", session));
}

// Focus checklist: 47
TEST_F(HostSessionsTest, EndsOnRequest) {
  const std::string session = signs_in();
  EXPECT_TRUE(sessions.end(Personal<std::string>(session)));
  EXPECT_FALSE(sessions.end(Personal<std::string>(session)));
  EXPECT_FALSE(asks("aa@guest.d/tab", "laptop", session));
}

TEST_F(HostSessionsTest, AskingAgainMakesNoSecondSessionAndMemoryIsBounded) {
  EXPECT_EQ(signs_in("laptop"), signs_in("laptop"));
  EXPECT_EQ(sessions.size(), 1U);
  const std::string oldest = signs_in("laptop");
  for (int i = 0; i < 5; ++i) {
    clock.advance(1s);
    signs_in("machine" + std::to_string(i));
  }
  EXPECT_EQ(sessions.size(), 3U);
  EXPECT_FALSE(asks("aa@guest.d/tab", "laptop", oldest));
}

}  // namespace
}  // namespace cloister::focus::rights
