#include <gmock/gmock.h>

#include "audit/probes/network/probes.h"
#include "firewall/policy/wanted.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::MachineTree;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

namespace policy = firewall::policy;

PacketFilter guarded() {
  PacketFilter filter;
  filter.tables = {
      {"inet", "cloister"}
  };
  for (const char* const hook : {"input", "forward", "output"})
    filter.chains.push_back({"inet", "cloister", hook, hook, "filter", true});
  filter.ours = policy::wanted_rules({});
  return filter;
}

model::Observation seen(PacketFilter filter, const char* query, const MachineTree& tree = {}) {
  Doors doors;
  doors.filter = [filter = std::move(filter)] { return Result<PacketFilter, SystemError>(filter); };
  return observe_nft(tree.running(std::move(doors)), asked(query));
}

TEST(Nft, KnowsAGuardedMachine) {
  EXPECT_THAT(seen(guarded(), "tables").facts, ElementsAre(Fact{"inet cloister", "inet cloister"}));
  EXPECT_THAT(
      seen(guarded(), "policy").facts,
      ElementsAre(Fact{"input ipv4", "drop"}, Fact{"input ipv6", "drop"}, Fact{"forward ipv4", "drop"},
                  Fact{"forward ipv6", "drop"}, Fact{"output ipv4", "drop"}, Fact{"output ipv6", "drop"}));
  EXPECT_THAT(seen(guarded(), "loopback").facts,
              ElementsAre(Fact{"accepted", "yes"}, Fact{"forged ipv4 dropped", "yes"},
                          Fact{"forged ipv6 dropped", "yes"}));
  EXPECT_THAT(seen(guarded(), "answers").facts, ElementsAre(Fact{"established accepted", "yes"}));
}

TEST(Nft, SeesAFamilyThatNobodyGuards) {
  PacketFilter filter;
  filter.tables = {
      {"ip", "filter"}
  };
  filter.chains = {
      {"ip", "filter", "INPUT", "input",  "filter", true },
      {"ip", "filter", "more",  "input",  "filter", false},
      {"ip", "nat",    "OUT",   "output", "nat",    true },
  };
  EXPECT_THAT(
      seen(filter, "policy").facts,
      ElementsAre(Fact{"input ipv4", "drop"}, Fact{"input ipv6", "none"}, Fact{"forward ipv4", "none"},
                  Fact{"forward ipv6", "none"}, Fact{"output ipv4", "none"}, Fact{"output ipv6", "none"}));
}

TEST(Nft, SeesWhatIsAcceptedBeforeForgeriesAreDropped) {
  PacketFilter filter = guarded();
  auto& rules = filter.ours->chains.front().rules;
  rules.insert(rules.begin(), policy::Rule{.name = "all", .matches = {}, .verdict = policy::Verdict::accept});
  EXPECT_THAT(seen(filter, "loopback").facts,
              ElementsAre(Fact{"accepted", "yes"}, Fact{"forged ipv4 dropped", "no"},
                          Fact{"forged ipv6 dropped", "no"}));
}

TEST(Nft, IsAbsentWithoutAnyTable) {
  for (const char* const query : {"tables", "policy", "loopback", "answers"})
    EXPECT_EQ(seen(PacketFilter{}, query).state, State::absent) << query;
}

TEST(Nft, NamesTheDifferenceToTheSettings) {
  MachineTree tree;
  tree.with("/etc/cloister/firewall.yaml", "input: []\noutput: []\n");
  EXPECT_EQ(seen(guarded(), "difference").state, State::absent);
  EXPECT_THAT(seen(guarded(), "difference", tree).facts, IsEmpty());
  PacketFilter filter = guarded();
  filter.ours->chains.front().rules.push_back(
      {.name = "door", .matches = {}, .verdict = policy::Verdict::accept});
  EXPECT_EQ(seen(filter, "difference", tree).facts.size(), 1U);
  filter.ours.reset();
  EXPECT_FALSE(seen(filter, "difference", tree).facts.empty());
  tree.with("/etc/cloister/firewall.yaml", "nonsense: 1\n");
  EXPECT_EQ(seen(guarded(), "difference", tree).state, State::unreadable);
}

TEST(Nft, IsNotGuessedWhenTheKernelDoesNotAnswer) {
  MachineTree tree;
  EXPECT_EQ(observe_nft(tree.running(), asked("tables")).state, State::not_running);
  Doors doors;
  doors.filter = [] {
    return Result<PacketFilter, SystemError>(
        fail(SystemError{std::make_error_code(std::errc::operation_not_permitted), "reading"}));
  };
  EXPECT_EQ(observe_nft(tree.running(std::move(doors)), asked("tables")).state, State::unreadable);
}

}  // namespace
}  // namespace cloister::audit::probes
