// Every check that is shipped proves here that it can tell a good machine from a bad one.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "audit/checks/benchmark.h"
#include "audit/checks/exceptions.h"
#include "audit/checks/frameworks.h"
#include "audit/checks/library.h"
#include "audit/engine/judge.h"

namespace cloister::audit::engine {
namespace {

const std::string kFolder = SHIPPED_CHECKS;

const std::vector<model::Check>& shipped() {
  static const std::vector<model::Check> all = [] {
    auto loaded = checks::load_checks(kFolder);
    if (loaded) return std::move(*loaded);
    for (const std::string& problem : loaded.error().lines) ADD_FAILURE() << problem;
    return std::vector<model::Check>{};
  }();
  return all;
}

// What a check sees when the machine is as in the example.
Look seeing(const model::Example& example) {
  return [&example, next = std::size_t{0}](const model::ProbeCall&) mutable { return example.at(next++); };
}

Truth judged(const model::Check& check, const model::Example& example) {
  return judge(check.condition ? *check.condition : check.alternative->proof, seeing(example)).truth;
}

std::string place(const model::Check& check, const char* kind, std::size_t number) {
  return check.file + ":" + std::to_string(check.line) + ": " + check.id + ", " + kind + " example " +
         std::to_string(number + 1);
}

}  // namespace

TEST(ShippedChecks, CanBeRead) { EXPECT_FALSE(shipped().empty()); }

TEST(ShippedChecks, PassOnTheirGoodExamples) {
  for (const model::Check& check : shipped())
    for (std::size_t i = 0; i < check.pass.size(); ++i)
      EXPECT_EQ(judged(check, check.pass[i]), Truth::holds) << place(check, "good", i);
}

TEST(ShippedChecks, FailOnTheirBadExamples) {
  for (const model::Check& check : shipped())
    for (std::size_t i = 0; i < check.fail.size(); ++i)
      EXPECT_EQ(judged(check, check.fail[i]), Truth::fails) << place(check, "bad", i);
}

TEST(ShippedChecks, CoverTheWholeBenchmark) {
  const auto benchmark = checks::load_benchmark(kFolder + "/benchmark/cis-debian12-1.1.0.yaml");
  ASSERT_TRUE(benchmark);
  ASSERT_EQ(benchmark->size(), 310U);
  std::map<std::string, std::vector<const model::Check*>> by_id;
  for (const model::Check& check : shipped())
    for (const std::string& id : check.cis) by_id[id].push_back(&check);
  for (const checks::Recommendation& one : *benchmark) {
    EXPECT_TRUE(by_id.contains(one.id)) << "no check covers " << one.id;
    by_id.erase(one.id);
  }
  for (const auto& [id, checks] : by_id)
    ADD_FAILURE() << checks.front()->id << " is for " << id << ": no such id";
}

TEST(ShippedChecks, HaveTheLevelOfTheirRecommendation) {
  const auto benchmark = checks::load_benchmark(kFolder + "/benchmark/cis-debian12-1.1.0.yaml");
  ASSERT_TRUE(benchmark);
  std::map<std::string, int> levels;
  for (const checks::Recommendation& one : *benchmark) levels[one.id] = one.level;
  for (const model::Check& check : shipped()) {
    int least = 2;
    for (const std::string& id : check.cis) least = std::min(least, levels[id]);
    if (!check.cis.empty()) {
      EXPECT_EQ(check.level, least) << check.id;
    }
  }
}

TEST(ShippedChecks, AreNamedByTheirExceptions) {
  const auto exceptions = checks::load_exceptions(kFolder + "/exceptions.yaml", "", shipped());
  if (!exceptions)
    for (const std::string& problem : exceptions.error().lines) ADD_FAILURE() << problem;
}

TEST(ShippedChecks, AreNamedByTheFrameworks) {
  for (const char* const name : {"gdpr", "hipaa", "iso27001", "soc2"}) {
    const auto framework = checks::load_framework(kFolder + "/frameworks/" + name + ".yaml", shipped());
    if (framework) {
      EXPECT_EQ(framework->id, name);
    } else {
      for (const std::string& problem : framework.error().lines) ADD_FAILURE() << problem;
    }
  }
}

}  // namespace cloister::audit::engine
