// Whoever writes a check wrongly is told where, and nothing is judged by it.
#include <gtest/gtest.h>

#include <fstream>

#include "audit/checks/benchmark.h"
#include "audit/checks/exceptions.h"
#include "audit/checks/frameworks.h"
#include "audit/checks/library.h"
#include "support/temporary_folder.h"

namespace cloister::audit::checks {
namespace {

std::string first_problem(const std::string& text) {
  Problems problems;
  parse_checks("c.yaml", text, problems);
  return problems.lines.empty() ? "none" : problems.lines.front();
}

// The lines of a good check, of which a test changes one.
std::string with(const std::string& from, const std::string& to) {
  std::string text =
      "- id: a\n"
      "  title: t\n"
      "  why: w\n"
      "  level: 1\n"
      "  probe: {file: /f}\n"
      "  expect: {equals: x}\n"
      "  examples: {pass: [x], fail: [y]}\n";
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

struct Wrong {
  const char* from;
  const char* to;
  const char* problem;
};

const Wrong kWrong[] = {
    {"id: a",                                "id: A b",                                                   "c.yaml:1: A b is no id: a-z, 0-9 and - make one"   },
    {"title: t",                             "titel: t",                                                  "c.yaml:1: a check has no title"                    },
    {"why: w",                               "why: w\n  note: n",                                         "c.yaml:4: a check knows no key note"               },
    {"why: w",                               "why: w\n  why: v",                                          "c.yaml:4: a check has why twice"                   },
    {"why: w",                               "why: ''",                                                   "c.yaml:3: why is empty"                            },
    {"level: 1",                             "level: 3",                                                  "c.yaml:4: level is 1 or 2"                         },
    {"level: 1",                             "level: one",                                                "c.yaml:4: level must be a whole number"            },
    {"level: 1",                             "level: 1\n  cis: {debian11: '1'}",                          "c.yaml:5: cis has no debian12-1.1.0"               },
    {"why: w",                               "why: w\n  mutation: {break: x, mend: y}",                   "c.yaml:4: mutation knows no key mend"              },
    {"why: w",                               "why: w\n  mutation: {repair: y}",                           "c.yaml:4: mutation has no break"                   },
    {"{file: /f}",                           "{fil: /f}",                                                 "c.yaml:5: there is no probe fil"                   },
    {"{file: /f}",                           "{file: {path: /f, mode: x}}",                               "c.yaml:5: file has no argument mode"               },
    {"{file: /f}",                           "{file: [/f, /g]}",                                          "c.yaml:5: file takes one value"                    },
    {"{file: /f}",                           "{file: {field: mode}}",                                     "c.yaml:5: file needs path"                         },
    {"{file: /f}",                           "[file]",                                                    "c.yaml:5: a probe is written {NAME: ARGUMENT}"     },
    {"{equals: x}",                          "{equal: x}",                                                "c.yaml:6: an expectation knows no key equal"       },
    {"{equals: x}",                          "{}",                                                        "c.yaml:6: an expectation is empty"                 },
    {"{equals: x}",                          "{at_least: many}",                                          "c.yaml:6: at_least must be a whole number"         },
    {"{equals: x}",                          "{mode_at_most: '0888'}",                                    "c.yaml:6: mode_at_most must be an octal number"    },
    {"{equals: x}",                          "{between: [2, 1]}",                                         "c.yaml:6: between begins after its end"            },
    {"{equals: x}",                          "{nothing: false}",                                          "c.yaml:6: nothing takes only true"                 },
    {"{equals: x}",                          "{facts: {}}",                                               "c.yaml:6: facts must name at least one fact"       },
    {"  expect: {equals: x}\n",              "",                                                          "c.yaml:5: a probe needs expect"                    },
    {"probe: {file: /f}",                    "any: []",                                                   "c.yaml:6: expect belongs to a probe"               },
    {"  examples: {pass: [x], fail: [y]}\n", "",                                                          "c.yaml:1: the check has no examples"               },
    {"fail: [y]",                            "fail: []",                                                  "c.yaml:7: no example fails"                        },
    {"pass: [x]",                            "pass: []",                                                  "c.yaml:7: no example passes"                       },
    {", fail: [y]",                          "",                                                          "c.yaml:7: examples has no fail"                    },
    {"pass: [x]",                            "pass: [{clauses: [x, x]}]",
     "c.yaml:7: the example has 2 observations, the check looks 1 times"                                                                                      },
    {"pass: [x]",                            "pass: [[[x]]]",                                             "c.yaml:7: an example's value must be a plain value"},
    {"level: 1",                             "level: 1\n  offline: maybe",                                "c.yaml:1: offline takes only no"                   },
    {"level: 1",                             "level: 1\n  proof: {}",                                     "c.yaml:1: alternative_to and proof belong together"},
    {"level: 1",                             "level: 1\n  manual: {question: q, evidence: [{file: /f}]}",
     "c.yaml:1: a check is judged by a person or by us, not by both"                                                                                          },
};

}  // namespace

TEST(CheckFile, AGoodOneHasNoProblem) { EXPECT_EQ(first_problem(with("id: a", "id: a")), "none"); }

TEST(CheckFile, NamesFileLineAndWhatIsWrong) {
  for (const auto& [from, to, problem] : kWrong) EXPECT_EQ(first_problem(with(from, to)), problem);
}

TEST(CheckFile, ABrokenExpressionIsNoExpectation) {
  const std::string problem = first_problem(with("{equals: x}", "{matches: '(a'}"));
  EXPECT_TRUE(problem.starts_with("c.yaml:6: matches is no regular expression: ")) << problem;
}

TEST(CheckFile, WhatIsNoYamlIsAProblemToo) {
  EXPECT_TRUE(first_problem("- {id: a\n- b").starts_with("c.yaml:"));
  EXPECT_EQ(first_problem("id: a"), "c.yaml:1: a file of checks is a list");
  EXPECT_EQ(first_problem("- a"), "c.yaml:1: a check must be a mapping");
}

TEST(CheckFolder, KnowsOneCheckOfEachName) {
  const support::TemporaryFolder folder;
  std::ofstream(folder / "a.yaml") << with("id: a", "id: a");
  std::ofstream(folder / "b.yaml") << with("id: a", "id: a");
  const auto loaded = load_checks(folder / "");
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().lines, (std::vector{folder / "b.yaml" + ":1: there is a check a already (" +
                                               (folder / "a.yaml") + ":1)"}));
}

TEST(CheckFolder, EmptyOrMissingJudgesNothing) {
  const support::TemporaryFolder folder;
  EXPECT_FALSE(load_checks(folder / ""));
  EXPECT_FALSE(load_checks(folder / "none"));
}

namespace {

constexpr const char* kException =
    "- {check: a, reason: r, risk: k, compensation: c, accepted_by: b, review: 2027-01-31}\n";

std::vector<std::string> problems_of(const std::string& site) {
  const support::TemporaryFolder folder;
  std::ofstream(folder / "x.yaml") << site;
  Problems none;
  const auto all = parse_checks("c.yaml", with("id: a", "id: a"), none);
  const auto loaded = load_exceptions("", folder / "x.yaml", all);
  if (loaded) return {};
  std::vector<std::string> lines = loaded.error().lines;
  for (std::string& line : lines) line = line.substr(line.find("x.yaml"));
  return lines;
}

}  // namespace

TEST(Exceptions, SayAllThatAnAuditorAsks) {
  EXPECT_EQ(problems_of(kException), std::vector<std::string>{});
  EXPECT_EQ(problems_of("- {check: a, reason: r, risk: k, compensation: c, review: 2027-01-31}"),
            std::vector<std::string>{"x.yaml:1: an exception has no accepted_by"});
  EXPECT_EQ(
      problems_of("- {check: a, reason: r, risk: k, compensation: c, accepted_by: b, review: 2027-02-30}"),
      std::vector<std::string>{"x.yaml:1: 2027-02-30 is no date: write 2027-01-31"});
  EXPECT_EQ(
      problems_of("- {check: b, reason: r, risk: k, compensation: c, accepted_by: b, review: 2027-01-31}"),
      std::vector<std::string>{"x.yaml:1: there is no check b"});
  EXPECT_EQ(problems_of(std::string(kException) + kException),
            std::vector<std::string>{"x.yaml:2: there is an exception for a already"});
}

TEST(Exceptions, OfASiteTakeThePlaceOfTheProducts) {
  const support::TemporaryFolder folder;
  std::ofstream(folder / "product.yaml") << kException;
  std::ofstream(folder / "site.yaml")
      << "- {check: a, reason: ours, risk: k, compensation: c, accepted_by: b, review: 2027-01-31}";
  Problems none;
  const auto all = parse_checks("c.yaml", with("id: a", "id: a"), none);
  const auto loaded = load_exceptions(folder / "product.yaml", folder / "site.yaml", all);
  ASSERT_TRUE(loaded);
  ASSERT_EQ(loaded->size(), 1U);
  EXPECT_EQ(loaded->front().reason, "ours");
  EXPECT_EQ(load_exceptions(folder / "product.yaml", folder / "no-such-file", all)->front().reason, "r");
  EXPECT_FALSE(load_exceptions(folder / "no-such-file", "", all)) << "the product's own is always there";
}

TEST(Frameworks, NameOnlyWhatThereIs) {
  Problems problems;
  const auto all =
      parse_checks("c.yaml", with("id: a", "id: a\n  cis: {debian12-1.1.0: '5.1.20'}"), problems);
  const auto framework = parse_framework(
      "f.yaml", "{framework: f, title: t, clauses: [{id: '1', title: t, covers: ['5.1']}]}", all, problems);
  EXPECT_TRUE(problems.lines.empty());
  EXPECT_EQ(framework.clauses.at(0).checks, std::vector<std::string>{"a"});
  parse_framework("f.yaml", "{framework: f, title: t, clauses: [{id: '1', title: t, covers: ['5', '6', a]}]}",
                  all, problems);
  EXPECT_EQ(problems.lines,
            (std::vector<std::string>{"f.yaml:1: no check has 6", "f.yaml:1: a is there already"}));
}

TEST(Benchmark, CountsAsPeopleDo) {
  EXPECT_TRUE(before("1.1.2.9", "1.1.2.10"));
  EXPECT_TRUE(before("1.1", "1.1.1"));
  EXPECT_FALSE(before("2.1", "1.9"));
}

}  // namespace cloister::audit::checks
