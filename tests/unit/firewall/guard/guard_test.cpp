#include "firewall/guard/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <map>

#include "firewall/policy/wanted.h"
#include "support/fake_clock.h"

namespace cloister::firewall::guard {
namespace {

using protocol::Kind;
using protocol::Outcome;
using support::FakeClock;

constexpr std::uint32_t kRoot = 0;
constexpr std::uint32_t kClient = 901;
constexpr std::uint32_t kStranger = 902;

// Holds rules and bans as a kernel does; fails as it is told to.
struct FakeKernel final : nft::Kernel {
  Result<nft::Running, SystemError> read() override { return nft::Running{rules, generation}; }
  Result<void, SystemError> commit(std::span<const policy::Step> steps, std::uint32_t of) override {
    ++commits;
    if (change_meanwhile-- > 0) ++generation;
    if (of != generation) return error(ERESTART);
    if (failure != 0) return error(failure);
    ++generation;
    rules = target;
    last_steps = steps.size();
    return {};
  }
  Result<void, SystemError> ban(std::span<const nft::Source> sources, std::chrono::seconds time) override {
    if (!rules) return error(ENOENT);
    if (failure != 0) return error(failure);
    for (const nft::Source& source : sources) bans[source] = time;
    return {};
  }
  Result<void, SystemError> unban(const nft::Source& source) override {
    if (bans.erase(source) == 0) return error(ENOENT);
    return {};
  }
  Result<nft::BanCounts, SystemError> count_bans() override {
    return nft::BanCounts{.v4 = bans.size(), .v6 = 0};
  }

  static tl::unexpected<SystemError> error(int number) {
    return fail(SystemError{std::error_code(number, std::system_category()), "testing"});
  }

  policy::Ruleset target;  // what the steps of the test lead to
  std::optional<policy::Ruleset> rules;
  std::map<nft::Source, std::chrono::seconds> bans;
  std::uint32_t generation = 1;
  int change_meanwhile = 0;
  int failure = 0;
  int commits = 0;
  std::size_t last_steps = 0;
};

class GuardTest : public testing::Test {
protected:
  GuardTest() {
    settings.clients = {kClient};
    settings.bans.never = {*policy::Prefix::parse("198.51.100.0/24"),
                           *policy::Prefix::parse("2001:db8:1::7")};
    want(settings);
  }
  // What the settings file says from now on.
  void want(const policy::Settings& next) {
    file = next;
    kernel.target = policy::wanted_rules(next);
  }
  static policy::Settings open(std::uint16_t port, policy::Settings in) {
    policy::Service service;
    service.name = "s" + std::to_string(port);
    service.ports = {
        {port, port}
    };
    in.input.push_back(service);
    return in;
  }
  protocol::Answer ask(Kind kind, std::uint32_t user = kRoot, std::vector<const char*> addresses = {},
                       std::chrono::seconds time = std::chrono::seconds(60)) {
    protocol::Request request{.kind = kind, .time = time, .addresses = {}};
    for (const char* address : addresses) request.addresses.emplace_back(*SocketAddress::parse(address, 0));
    return guard.on_request(request, user);
  }
  // Time passes, wake-ups come.
  void pass(Duration time) {
    const TimePoint end = clock.now() + time;
    for (auto next = guard.next_wakeup(); next && *next <= end; next = guard.next_wakeup()) {
      clock.time = std::max(clock.time, *next);
      guard.on_wakeup();
    }
    clock.time = end;
  }

  FakeKernel kernel;
  FakeClock clock;
  policy::Settings settings;
  Result<policy::Settings, SettingsError> file = policy::Settings{};
  Guard guard{kernel, clock, [this] { return file; }};
};

TEST_F(GuardTest, SetsTheRulesAtItsStart) {
  ASSERT_TRUE(guard.start());
  EXPECT_TRUE(kernel.rules == kernel.target);
  EXPECT_TRUE(ask(Kind::status).status.in_force);
}

TEST_F(GuardTest, DoesNotStartWhenTheKernelRefuses) {
  kernel.failure = EPERM;
  const auto started = guard.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().reason, StartError::Reason::kernel);
}

TEST_F(GuardTest, DoesNotStartWithWrongSettings) {
  file = fail(SettingsError{{"firewall.yaml:3: no"}});
  const auto started = guard.start();
  ASSERT_FALSE(started);
  EXPECT_EQ(started.error().reason, StartError::Reason::settings);
  EXPECT_EQ(started.error().lines.front(), "firewall.yaml:3: no");
  EXPECT_EQ(kernel.commits, 0);
}

TEST_F(GuardTest, TriesAgainWhenSomebodyElseWasFaster) {
  kernel.change_meanwhile = 3;
  ASSERT_TRUE(guard.start());
  EXPECT_EQ(kernel.commits, 4);
}

TEST_F(GuardTest, PutsTheRulesBackAndCountsIt) {
  ASSERT_TRUE(guard.start());
  guard.check();
  EXPECT_EQ(ask(Kind::status).status.restored, 0U);
  kernel.rules.reset();
  guard.check();
  EXPECT_TRUE(kernel.rules == kernel.target);
  EXPECT_EQ(ask(Kind::status).status.restored, 1U);
}

TEST_F(GuardTest, KeepsTryingWhileTheKernelRefuses) {
  ASSERT_TRUE(guard.start());
  kernel.rules.reset();
  kernel.failure = ENOMEM;
  guard.check();
  EXPECT_FALSE(ask(Kind::status).status.in_force);
  pass(10s);
  EXPECT_FALSE(kernel.rules);
  kernel.failure = 0;
  pass(1s);
  EXPECT_TRUE(kernel.rules == kernel.target);
  EXPECT_FALSE(guard.next_wakeup());
}

TEST_F(GuardTest, TakesAnUnconfirmedChangeBack) {
  ASSERT_TRUE(guard.start());
  const auto before = kernel.rules;
  want(open(443, settings));
  EXPECT_EQ(ask(Kind::apply).status.seconds_to_confirm, 60U);
  EXPECT_FALSE(kernel.rules == before);
  kernel.target = *before;
  pass(59s);
  EXPECT_FALSE(kernel.rules == before);
  pass(1s);
  EXPECT_TRUE(kernel.rules == before);
  EXPECT_EQ(ask(Kind::confirm).outcome, Outcome::nothing_to_confirm);
}

TEST_F(GuardTest, AConfirmedChangeStays) {
  ASSERT_TRUE(guard.start());
  want(open(443, settings));
  ask(Kind::apply);
  EXPECT_EQ(ask(Kind::confirm).outcome, Outcome::done);
  pass(3600s);
  EXPECT_TRUE(kernel.rules == kernel.target);
  EXPECT_TRUE(ask(Kind::status).status.in_force);
}

TEST_F(GuardTest, ASecondTrialGoesBackToWhereTheFirstBegan) {
  ASSERT_TRUE(guard.start());
  const auto before = kernel.rules;
  want(open(443, settings));
  ask(Kind::apply);
  pass(50s);
  want(open(444, settings));
  ask(Kind::apply);
  pass(50s);
  want(open(445, settings));
  ask(Kind::reload);
  kernel.target = *before;
  pass(10s);
  EXPECT_TRUE(kernel.rules == before);
}

TEST_F(GuardTest, WrongSettingsChangeNothing) {
  ASSERT_TRUE(guard.start());
  const auto before = kernel.rules;
  file = fail(SettingsError{
      {"firewall.yaml:3: no", "firewall.yaml:4: no"}
  });
  for (const Kind kind : {Kind::reload, Kind::apply}) {
    const auto answer = ask(kind);
    EXPECT_EQ(answer.outcome, Outcome::bad_settings);
    EXPECT_EQ(answer.text, "firewall.yaml:3: no\nfirewall.yaml:4: no");
  }
  EXPECT_TRUE(kernel.rules == before);
  EXPECT_FALSE(guard.next_wakeup());
  EXPECT_TRUE(guard.knows(kClient));
}

TEST_F(GuardTest, ARefusedChangeLeavesTheOldRulesWanted) {
  ASSERT_TRUE(guard.start());
  want(open(443, settings));
  kernel.failure = ENOMEM;
  EXPECT_EQ(ask(Kind::apply).outcome, Outcome::kernel_refused);
  kernel.failure = 0;
  EXPECT_TRUE(ask(Kind::status).status.in_force);
  EXPECT_EQ(ask(Kind::status).status.seconds_to_confirm, 0U);
}

TEST_F(GuardTest, BansSourcesOnceEach) {
  ASSERT_TRUE(guard.start());
  EXPECT_EQ(ask(Kind::ban, kClient, {"192.0.2.1", "192.0.2.1", "2001:db8::1", "2001:db8::2"}).outcome,
            Outcome::done);
  EXPECT_EQ(kernel.bans.size(), 2U);
  EXPECT_EQ(ask(Kind::unban, kRoot, {"2001:db8::77"}).outcome, Outcome::done);
  EXPECT_EQ(ask(Kind::unban, kRoot, {"2001:db8::77"}).outcome, Outcome::not_banned);
}

TEST_F(GuardTest, BansForNoLongerThanTheSettingsAllow) {
  ASSERT_TRUE(guard.start());
  ask(Kind::ban, kRoot, {"192.0.2.1"}, std::chrono::hours(1000));
  EXPECT_EQ(kernel.bans.begin()->second, settings.bans.longest);
}

TEST_F(GuardTest, BansNobodyOfARequestThatNamesSomebodyItMustNot) {
  ASSERT_TRUE(guard.start());
  for (const char* address :
       {"127.0.0.1", "::1", "0.0.0.0", "::", "fe80::1", "198.51.100.9", "2001:db8:1::8"}) {
    SCOPED_TRACE(address);
    EXPECT_EQ(ask(Kind::ban, kRoot, {"192.0.2.1", address}).outcome, Outcome::not_allowed);
  }
  EXPECT_TRUE(kernel.bans.empty());
}

TEST_F(GuardTest, BansAlsoWhenTheSetsWereJustTakenAway) {
  ASSERT_TRUE(guard.start());
  kernel.rules.reset();
  EXPECT_EQ(ask(Kind::ban, kRoot, {"192.0.2.1"}).outcome, Outcome::done);
  EXPECT_EQ(kernel.bans.size(), 1U);
}

TEST_F(GuardTest, SaysWhenNoMoreFit) {
  ASSERT_TRUE(guard.start());
  kernel.failure = ENFILE;
  EXPECT_EQ(ask(Kind::ban, kRoot, {"192.0.2.1"}).outcome, Outcome::set_is_full);
}

TEST_F(GuardTest, HearsOnlyWhomItKnowsAndOnlyWhatTheyMay) {
  ASSERT_TRUE(guard.start());
  EXPECT_FALSE(guard.knows(kStranger));
  for (const Kind kind : {Kind::status, Kind::ban, Kind::unban, Kind::reload, Kind::apply, Kind::confirm}) {
    EXPECT_EQ(ask(kind, kStranger, {"192.0.2.1"}).outcome, Outcome::not_allowed);
    const bool allowed = ask(kind, kClient, {"192.0.2.1"}).outcome != Outcome::not_allowed;
    EXPECT_EQ(allowed, kind == Kind::status || kind == Kind::ban);
  }
}

}  // namespace
}  // namespace cloister::firewall::guard
