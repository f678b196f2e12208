// The list of probes: who writes a check is told at once that a probe does not take what it is given.
#include "audit/probes/registry.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace cloister::audit::probes {
namespace {

model::Observation sees_nothing(const System&, const model::ProbeArguments&) { return {}; }

std::string fault(std::string_view takes, const model::ProbeArguments& given) {
  return find_fault({"p", sees_nothing, takes}, given).value_or("");
}

const model::ProbeArguments kNone;
const model::ProbeArguments kOne{{"a"}, {}};
const model::ProbeArguments kTwo{
    {"a",   "b"},
    {     }
};
const model::ProbeArguments kNamed{{}, {{"path", {"/x"}}}};

}  // namespace

TEST(Registry, ChecksArgumentsAgainstTheirForm) {
  EXPECT_EQ(fault("VALUE", kOne), "");
  EXPECT_EQ(fault("VALUE", kTwo), "p takes one value");
  EXPECT_EQ(fault("VALUES", kTwo), "");
  EXPECT_EQ(fault("VALUE", kNone), "p takes a plain value");
  EXPECT_EQ(fault("VALUE", kNamed), "p has no argument path");
  EXPECT_EQ(fault("path", kNamed), "");
  EXPECT_EQ(fault("path", kOne), "p takes named arguments");
  EXPECT_EQ(fault("path field", kNamed), "p needs field");
  EXPECT_EQ(fault("path field?", kNamed), "");
  EXPECT_EQ(fault("VALUE path", kOne), "");
  EXPECT_EQ(fault("VALUE path", kNamed), "");
  EXPECT_EQ(fault("path?", kNone), "");
}

TEST(Registry, IsSortedByNameAndKnowsEachOnce) {
  const auto all = all_probes();
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &ProbeEntry::name));
  EXPECT_EQ(std::ranges::adjacent_find(all, {}, &ProbeEntry::name), all.end());
  for (const ProbeEntry& probe : all) EXPECT_EQ(find_probe(probe.name), &probe);
  EXPECT_EQ(find_probe("no-such-probe"), nullptr);
}

TEST(Registry, EveryProbeHasItsRowInTheReference) {
  std::ifstream in(PROBE_REFERENCE);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  for (const ProbeEntry& probe : all_probes())
    EXPECT_NE(text.find("`" + std::string(probe.name) + "`"), std::string::npos) << probe.name;
}

}  // namespace cloister::audit::probes
