// Runs: what is chosen, what exceptions make of it, what is said of the benchmark.
#include "audit/engine/run.h"

#include <gtest/gtest.h>

#include "audit/checks/exceptions.h"
#include "audit/checks/library.h"
#include "audit/engine/printable.h"
#include "support/temporary_folder.h"

namespace cloister::audit::engine {
namespace {

using model::State;
using model::Verdict;

constexpr const char* kChecks = R"(
- {id: own, title: t, why: w, level: 1, probe: {file: /own}, expect: {equals: good}, examples: {pass: [good], fail: [bad]}}
- {id: ten, title: t, why: w, level: 1, cis: {debian12-1.1.0: "1.1.10"}, probe: {file: /ten}, expect: {equals: good}, examples: {pass: [good], fail: [bad]}}
- {id: nine, title: t, why: w, level: 2, cis: {debian12-1.1.0: "1.1.9"}, probe: {file: /nine}, expect: {equals: good}, examples: {pass: [good], fail: [bad]}}
- {id: nine-too, title: t, why: w, level: 2, cis: {debian12-1.1.0: "1.1.9"}, probe: {file: /nine2}, expect: {equals: good}, examples: {pass: [good], fail: [bad]}}
)";

class Run : public testing::Test {
protected:
  Run() {
    checks::Problems problems;
    plan_.checks = checks::parse_checks("c.yaml", kChecks, problems);
    EXPECT_TRUE(problems.lines.empty());
    plan_.benchmark = {
        {.id = "1.1.9",  .level = 2},
        {.id = "1.1.10", .level = 1},
        {.id = "1.1.11", .level = 1}
    };
    plan_.today = "2026-11-21";
  }

  void except(const std::string& check, const std::string& review, const std::string& more = "") {
    checks::Problems problems;
    const std::string text = "- {check: " + check +
                             ", reason: r, risk: k, compensation: c, accepted_by: b, review: " + review +
                             more + "}";
    for (auto& one : checks::parse_exceptions("e.yaml", text, model::Exception::Origin::site, problems))
      plan_.exceptions.push_back(std::move(one));
    EXPECT_TRUE(problems.lines.empty());
  }

  Report run() {
    return engine::run(plan_, *choose(plan_), Machine::running, [this](const model::ProbeCall& call) {
      const bool bad = std::ranges::find(bad_, call.arguments.one()) != bad_.end();
      return model::Observation{State::observed, {{"", bad ? "bad" : "good"}}, {}};
    });
  }

  static std::vector<std::string> ids(const Report& report) {
    std::vector<std::string> all;
    for (const CheckReport& check : report.checks) all.push_back(check.id);
    return all;
  }

  Plan plan_;
  std::vector<std::string> bad_;
};

TEST_F(Run, GoesInTheBenchmarksOrderAndThenOurs) {
  EXPECT_EQ(ids(run()), (std::vector<std::string>{"nine", "nine-too", "ten", "own"}));
  plan_.choice.level = 1;
  EXPECT_EQ(ids(run()), (std::vector<std::string>{"ten", "own"}));
}

TEST_F(Run, ChoosesByCheckRecommendationOrSection) {
  plan_.choice.only = {"1.1.9", "own"};
  EXPECT_EQ(ids(run()), (std::vector<std::string>{"nine", "nine-too", "own"}));
  plan_.choice.only = {"1.1"};
  EXPECT_EQ(run().checks.size(), 3U);
  plan_.choice.only = {"1"};
  EXPECT_EQ(run().checks.size(), 3U) << "a section, not all that begins with that digit";
  plan_.choice.only = {"1.1.1"};
  EXPECT_FALSE(choose(plan_)) << "a name that nothing has is a mistake of whoever typed it";
  plan_.choice = {.level = 2, .profile = "desktop", .only = {}};
  EXPECT_FALSE(choose(plan_));
}

TEST_F(Run, EndsAsItsWorstCheck) {
  EXPECT_EQ(exit_status(run()), 0);
  bad_ = {"/nine2"};
  const Report report = run();
  EXPECT_EQ(exit_status(report), 1);
  ASSERT_EQ(report.recommendations.size(), 2U);
  EXPECT_EQ(report.recommendations[0].verdict, Verdict::fail) << "one of its two checks fails";
  EXPECT_EQ(report.recommendations[0].checks, (std::vector<std::string>{"nine", "nine-too"}));
  EXPECT_EQ(report.recommendations[1].verdict, Verdict::pass);
}

TEST_F(Run, AnExceptionCoversAFailureUntilItsReview) {
  bad_ = {"/ten"};
  except("ten", "2026-11-21");
  Report report = run();
  EXPECT_EQ(report.checks[2].verdict, Verdict::exception);
  EXPECT_EQ(report.checks[2].exception->accepted_by, "b");
  EXPECT_EQ(exit_status(report), 0);
  EXPECT_TRUE(report.remarks.empty());

  plan_.today = "2026-11-22";
  report = run();
  EXPECT_EQ(report.checks[2].verdict, Verdict::fail);
  EXPECT_EQ(report.remarks, (std::vector<Remark>{
                                {"ten", "the site's exception was to be reviewed by 2026-11-21"}
  }));
}

TEST_F(Run, AnExceptionThatNobodyNeedsIsNamed) {
  except("ten", "2027-01-01");
  const Report report = run();
  EXPECT_EQ(report.checks[2].verdict, Verdict::pass);
  EXPECT_EQ(report.remarks, (std::vector<Remark>{
                                {"ten", "the site's exception is not needed any more"}
  }));
}

TEST_F(Run, AnExceptionForOtherMachinesCoversNothing) {
  bad_ = {"/ten"};
  except("ten", "2027-01-01", ", when: {probe: {file: /own}, expect: {equals: bad}}");
  EXPECT_EQ(run().checks[2].verdict, Verdict::fail);
  bad_ = {"/ten", "/own"};
  EXPECT_EQ(run().checks[2].verdict, Verdict::exception);
}

TEST_F(Run, ShowsProgressToItsEnd) {
  std::vector<std::size_t> seen;
  engine::run(
      plan_, *choose(plan_), Machine::running, [](const auto&) { return model::Observation{}; },
      [&](std::size_t done, std::size_t all) {
        EXPECT_EQ(all, 4U);
        seen.push_back(done);
      });
  EXPECT_EQ(seen, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
}

TEST_F(Run, AsksEachProbeOnceAndShowsABoundedPartOfWhatItSaw) {
  const support::TemporaryFolder folder;
  auto system = probes::System::at(folder / "");
  ASSERT_TRUE(system);
  const Look look = looking_at(*system);
  EXPECT_EQ(look({
                     "file", {{"/own"}, {}}
  })
                .state,
            State::absent);
  EXPECT_EQ(look({"no-such-probe", {}}).state, State::unreadable);

  const Report report = engine::run(plan_, *choose(plan_), Machine::running, [](const auto&) {
    return model::Observation{State::observed, std::vector<model::Fact>(5000, {"\x1b[2J", "\xff"}), {}};
  });
  const model::Observation& seen = report.checks[0].evidence[0].seen;
  EXPECT_EQ(seen.facts.size(), 100U);
  EXPECT_EQ(seen.note, "4900 more");
  EXPECT_EQ(seen.facts[0], (model::Fact{"\\x1b[2J", "\\xff"}));
}

}  // namespace

TEST(Printable, KeepsWordsAndDisarmsTheRest) {
  EXPECT_EQ(printable("größe → ✓ 🙂"), "größe → ✓ 🙂");
  EXPECT_EQ(printable("a\tb\nc"), "a b c");
  EXPECT_EQ(printable(std::string_view("\0\x1b\x7f", 3)), "\\x00\\x1b\\x7f");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf") << "overlong";
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80") << "a surrogate";
  EXPECT_EQ(printable("\xe2\x80\xae"), "\\xe2\\x80\\xae") << "turns the direction of writing";
  EXPECT_EQ(printable("\xe2\x82"), "\\xe2\\x82") << "cut off";
  EXPECT_EQ(printable(std::string(5000, 'a')).size(), kLongestText + 3);
}

}  // namespace cloister::audit::engine
