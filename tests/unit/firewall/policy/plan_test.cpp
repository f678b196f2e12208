#include "firewall/policy/plan.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "firewall/policy/steps.h"
#include "firewall/policy/wanted.h"

namespace cloister::firewall::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

Ruleset wanted() {
  Settings settings;
  Service web;
  web.name = "web";
  web.ports = {
      {443, 443}
  };
  web.rate = Rate{};
  settings.input = {web};
  return wanted_rules(settings);
}

Chain& chain(Ruleset& rules, const std::string& name) {
  return *std::ranges::find(rules.chains, name, &Chain::name);
}

std::vector<std::string> lines(const std::optional<Ruleset>& running, const Ruleset& wanted) {
  std::vector<std::string> out;
  for (const auto& [kind, where, what] : plan(running, wanted)) out.push_back(where + ": " + what);
  return out;
}

std::size_t count(const std::vector<Step>& steps, std::size_t alternative) {
  return static_cast<std::size_t>(
      std::ranges::count_if(steps, [&](const Step& step) { return step.index() == alternative; }));
}
template <class T>
std::size_t count(const std::vector<Step>& steps) {
  return count(steps, Step(T{}).index());
}

TEST(Plan, IsEmptyWhenNothingDiffers) {
  EXPECT_THAT(plan(wanted(), wanted()), IsEmpty());
  EXPECT_THAT(steps(wanted(), wanted()), IsEmpty());
}

TEST(Plan, SetsAndChainsHaveNoOrder) {
  Ruleset running = wanted();
  std::ranges::reverse(running.sets);
  std::ranges::reverse(running.chains);
  EXPECT_THAT(plan(running, wanted()), IsEmpty());
  EXPECT_THAT(steps(running, wanted()), IsEmpty());
}

TEST(Plan, TellsEachDifference) {
  Ruleset running = wanted();
  chain(running, "input").rules.pop_back();
  chain(running, "input").policy = Verdict::accept;
  chain(running, "output")
      .rules.push_back({.name = "evil\n", .matches = {Foreign{}}, .verdict = Verdict::accept});
  running.chains.push_back(
      {.name = "extra", .hook = Hook::none, .priority = 0, .policy = Verdict::accept, .rules = {}});
  running.sets[2].size = 7;
  EXPECT_THAT(lines(running, wanted()),
              ElementsAre("input: by default traffic will be dropped; it is accepted now",
                          "input: accept TCP to port 443 (web)",
                          "output: accept (something that this program never writes) (evil)",
                          "extra: a chain of 0 rules that does not belong here",
                          "sets: rate_web_4: the rates of at most 65536 IPv4 sources"));
}

TEST(Plan, TellsAnotherOrder) {
  Ruleset running = wanted();
  std::swap(chain(running, "input").rules[0], chain(running, "input").rules[1]);
  EXPECT_THAT(lines(running, wanted()), ElementsAre("input: the same rules, in another order"));
  EXPECT_FALSE(steps(running, wanted()).empty());
}

TEST(Steps, ChangeRulesInPlaceAndLeaveBansAlone) {
  Ruleset running = wanted();
  chain(running, "input").rules.clear();
  const auto todo = steps(running, wanted());
  EXPECT_EQ(count<RemoveTable>(todo) + count<AddTable>(todo), 0U);
  EXPECT_EQ(count<RemoveSet>(todo) + count<AddSet>(todo), 0U);
  EXPECT_EQ(count<AddChain>(todo), 0U);
  EXPECT_EQ(count<EmptyChain>(todo), 3U);
}

TEST(Steps, ReplaceASetOfAnotherShapeOnly) {
  Ruleset running = wanted();
  running.sets[3].timeout = std::chrono::seconds(1);
  const auto todo = steps(running, wanted());
  EXPECT_EQ(count<RemoveSet>(todo), 1U);
  EXPECT_EQ(count<AddSet>(todo), 1U);
}

TEST(Steps, BeginAnewWhereNothingCanBeChangedInPlace) {
  for (const bool foreign : {true, false}) {
    Ruleset running = wanted();
    running.foreign = foreign;
    if (!foreign) chain(running, "input").priority = 10;
    const auto todo = steps(running, wanted());
    ASSERT_FALSE(todo.empty());
    EXPECT_TRUE(std::holds_alternative<RemoveTable>(todo.front()));
    EXPECT_EQ(count<AddTable>(todo), 1U);
  }
}

TEST(Steps, MakeEverythingWhereNothingIs) {
  const auto todo = steps(std::nullopt, wanted());
  EXPECT_TRUE(std::holds_alternative<AddTable>(todo.front()));
  EXPECT_EQ(count<AddSet>(todo), wanted().sets.size());
  EXPECT_EQ(count<AddChain>(todo), 3U);
}

TEST(Steps, RemoveForeignChainsAndSets) {
  Ruleset running = wanted();
  running.chains.push_back(
      {.name = "extra", .hook = Hook::none, .priority = 0, .policy = Verdict::accept, .rules = {}});
  running.sets.push_back(
      {.name = "more", .kind = Set::Kind::foreign, .family = IpFamily::v4, .size = 0, .timeout = {}});
  const auto todo = steps(running, wanted());
  EXPECT_EQ(count<RemoveChain>(todo), 1U);
  EXPECT_EQ(count<RemoveSet>(todo), 1U);
}

}  // namespace
}  // namespace cloister::firewall::policy
