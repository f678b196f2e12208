#include "audit/engine/judge.h"

#include <gtest/gtest.h>

#include "audit/checks/library.h"
#include "audit/engine/expectation.h"

namespace cloister::audit::engine {
namespace {

using model::Observation;
using model::State;
using model::Verdict;

// A check that is written as its author would, about files; what its probes see is the test's.
model::Check written(const std::string& what) {
  checks::Problems problems;
  const auto all =
      checks::parse_checks("test.yaml", "- {id: x, title: t, why: w, level: 1, " + what + "}\n", problems);
  for (const std::string& problem : problems.lines) ADD_FAILURE() << problem;
  return all.at(0);
}

constexpr const char* kExamples = ", examples: {pass: [a], fail: [b]}";

Observation fact(std::string value) { return {State::observed, {{"", std::move(value)}}, {}}; }
Observation state(State which) { return {which, {}, "/x: Permission denied"}; }

// Answers by the probe's argument.
Look answering(std::map<std::string, Observation> by_path) {
  return [by_path](const model::ProbeCall& call) { return by_path.at(call.arguments.one()); };
}

Verdict verdict(const model::Check& check, const std::map<std::string, Observation>& seen,
                Machine machine = Machine::running) {
  return judge(check, machine, answering(seen)).verdict;
}

struct Row {
  const char* expectation;
  std::vector<std::string> good;
  std::vector<std::string> bad;
};

const Row kOfOneValue[] = {
    {"equals: '0'",                           {"0"},                     {"", "00", "1"}                  },
    {"one_of: [a, b]",                        {"a", "b"},                {"c", "a b"}                     },
    {"matches: 'a+'",                         {"a", "aa"},               {"", "ab", "ba"}                 },
    {"not_matches: '[0-9]'",                  {"", "a"},                 {"1", "a1"}                      },
    {"at_least: 5",                           {"5", "90"},               {"4", "-9", "", "x", "5x", "5.5"}},
    {"at_most: 5",                            {"5", "-1"},               {"6", "", "x"}                   },
    {"between: [1, 3]",                       {"1", "3"},                {"0", "4", "1 "}                 },
    {"mode_at_most: '0640'",                  {"0640", "0600", "0000"},  {"0644", "4640", "x", ""}        },
    {"contains: nosuid",                      {"rw,nosuid", "nosuid x"}, {"suid", "nosuids", ""}          },
    {"contains_all: [a, b]",                  {"b,c,a"},                 {"a"}                            },
    {"contains_none: [a, b]",                 {"c,d", ""},               {"c,a"}                          },
    {"all_of: [{at_least: 1}, {at_most: 2}]", {"1", "2"},                {"0", "3"}                       },
    {"any_of: [{equals: a}, {equals: b}]",    {"a", "b"},                {"c"}                            },
    {"at_least: 1, at_most: 2",               {"1", "2"},                {"0", "3"}                       },
};

}  // namespace

TEST(Expectation, OfOneValue) {
  for (const Row& row : kOfOneValue) {
    SCOPED_TRACE(row.expectation);
    const auto check =
        written(std::string("probe: {file: /f}, expect: {") + row.expectation + "}" + kExamples);
    for (const std::string& value : row.good)
      EXPECT_TRUE(holds(check.condition->expect, fact(value))) << value;
    for (const std::string& value : row.bad)
      EXPECT_FALSE(holds(check.condition->expect, fact(value))) << value;
    EXPECT_FALSE(holds(check.condition->expect, Observation{})) << "nothing seen is nothing proved";
    for (const State missing : {State::absent, State::not_installed, State::unreadable})
      EXPECT_FALSE(holds(check.condition->expect, state(missing)));
  }
}

TEST(Expectation, OfEveryFactUnlessItSaysSome) {
  const Observation both{
      State::observed, {{"running", "1"}, {"configured", "0"}},
       {                }
  };
  const auto expecting = [](const std::string& what) {
    return written("probe: {file: /f}, expect: {" + what + "}" + kExamples).condition->expect;
  };
  EXPECT_FALSE(holds(expecting("equals: '0'"), both)) << "one of the two differs";
  EXPECT_TRUE(holds(expecting("some: {equals: '0'}"), both));
  EXPECT_TRUE(holds(expecting("facts: {running: {equals: '1'}}"), both));
  EXPECT_FALSE(holds(expecting("facts: {running: {equals: '1'}, stored: {equals: '1'}}"), both))
      << "nothing is stored";
  EXPECT_TRUE(holds(expecting("lines_include: ['0', '1']"), both));
  EXPECT_FALSE(holds(expecting("lines_include: ['0', '2']"), both));
}

TEST(Expectation, OfWhatIsNotThere) {
  const auto expecting = [](const std::string& what) {
    return written("probe: {file: /f}, expect: {" + what + "}" + kExamples).condition->expect;
  };
  EXPECT_TRUE(holds(expecting("absent: true"), state(State::not_installed)));
  EXPECT_FALSE(holds(expecting("absent: true"), state(State::unreadable))) << "not knowing is not absence";
  EXPECT_TRUE(holds(expecting("nothing: true"), Observation{}));
  EXPECT_FALSE(holds(expecting("nothing: true"), state(State::absent)))
      << "who could not look has found nothing out";
  EXPECT_TRUE(holds(expecting("unset_or: {equals: a}"), state(State::absent)));
  EXPECT_FALSE(holds(expecting("unset_or: {equals: a}"), fact("b")));
  EXPECT_FALSE(holds(expecting("present: true"), state(State::absent)));
}

TEST(Judge, WhatCannotBeReadIsAnErrorUnlessItDoesNotMatter) {
  const auto both = written(
      "all: [{probe: {file: /a}, expect: {equals: a}}, {probe: {file: /b}, expect: {equals: a}}]"
      ", examples: {pass: [{clauses: [a, a]}], fail: [{clauses: [a, b]}]}");
  const auto either = written(
      "any: [{probe: {file: /a}, expect: {equals: a}}, {probe: {file: /b}, expect: {equals: a}}]"
      ", examples: {pass: [{clauses: [a, b]}], fail: [{clauses: [b, b]}]}");
  const auto unreadable = state(State::unreadable);
  EXPECT_EQ(verdict(both,
                    {
                        {"/a", fact("a") },
                        {"/b", unreadable}
  }),
            Verdict::error);
  EXPECT_EQ(verdict(both,
                    {
                        {"/a", fact("b") },
                        {"/b", unreadable}
  }),
            Verdict::fail)
      << "wrong already";
  EXPECT_EQ(verdict(either,
                    {
                        {"/a", fact("a") },
                        {"/b", unreadable}
  }),
            Verdict::pass);
  EXPECT_EQ(verdict(either,
                    {
                        {"/a", fact("b") },
                        {"/b", unreadable}
  }),
            Verdict::error);
}

TEST(Judge, AnUnpackedSystemNeverPassesOnHalfTheFacts) {
  const auto check =
      written("probe: {file: /f}, expect: {facts: {running: {equals: '0'}, configured: {equals: '0'}}}" +
              std::string(kExamples));
  const Observation right{State::not_running, {{"configured", "0"}}, {}};
  const Observation wrong{State::not_running, {{"configured", "1"}}, {}};
  EXPECT_EQ(verdict(check,
                    {
                        {"/f", right}
  }),
            Verdict::not_judged);
  EXPECT_EQ(verdict(check,
                    {
                        {"/f", wrong}
  }),
            Verdict::fail)
      << "what is configured is wrong, running or not";
  EXPECT_EQ(verdict(check,
                    {
                        {"/f", state(State::not_running)}
  }),
            Verdict::not_judged);
  const auto never = written("offline: no, probe: {file: /f}, expect: {equals: a}" + std::string(kExamples));
  EXPECT_EQ(verdict(never,
                    {
                        {"/f", fact("a")}
  },
                    Machine::unpacked),
            Verdict::not_judged);
  EXPECT_EQ(verdict(never,
                    {
                        {"/f", fact("a")}
  },
                    Machine::running),
            Verdict::pass);
}

TEST(Judge, NotApplicableNeedsTheFactThatProvesIt) {
  const auto check = written(
      "applies_when: {probe: {file: /gdm}, expect: {present: true}, otherwise: No desktop}, "
      "probe: {file: /f}, expect: {equals: a}" +
      std::string(kExamples));
  const auto without = judge(check, Machine::running,
                             answering({
                                 {"/gdm", state(State::absent)}
  }));
  EXPECT_EQ(without.verdict, Verdict::not_applicable);
  EXPECT_EQ(without.reason, "No desktop");
  EXPECT_EQ(without.evidence.at(0).seen.state, State::absent);
  EXPECT_EQ(verdict(check,
                    {
                        {"/gdm", fact("1")},
                        {"/f",   fact("b")}
  }),
            Verdict::fail);
  EXPECT_EQ(verdict(check,
                    {
                        {"/gdm", state(State::unreadable)}
  }),
            Verdict::error)
      << "not knowing proves nothing";
}

TEST(Judge, AnAlternativeNeedsItsProof) {
  const auto only_proof =
      written("alternative_to: nftables, proof: {probe: {file: /nft}, expect: {equals: 'on'}}" +
              std::string(kExamples));
  EXPECT_EQ(verdict(only_proof,
                    {
                        {"/nft", fact("on")}
  }),
            Verdict::alternative);
  EXPECT_EQ(verdict(only_proof,
                    {
                        {"/nft", fact("off")}
  }),
            Verdict::fail);
  const auto judged_too = written(
      "alternative_to: nftables, proof: {probe: {file: /nft}, expect: {equals: 'on'}}, "
      "probe: {file: /ufw}, expect: {equals: 'on'}" +
      std::string(kExamples));
  EXPECT_EQ(verdict(judged_too,
                    {
                        {"/nft", fact("off")},
                        {"/ufw", fact("on") }
  }),
            Verdict::pass);
  EXPECT_EQ(verdict(judged_too,
                    {
                        {"/nft", fact("off")},
                        {"/ufw", fact("off")}
  }),
            Verdict::fail);
  EXPECT_EQ(verdict(judged_too,
                    {
                        {"/nft", state(State::unreadable)}
  }),
            Verdict::error);
}

TEST(Judge, APersonGetsTheEvidence) {
  const auto check = written("manual: {question: 'Are these yours?', evidence: [{file: /a}, {file: /b}]}");
  const auto finding = judge(check, Machine::running,
                             answering({
                                 {"/a", fact("1")           },
                                 {"/b", state(State::absent)}
  }));
  EXPECT_EQ(finding.verdict, Verdict::manual);
  EXPECT_EQ(finding.reason, "Are these yours?");
  ASSERT_EQ(finding.evidence.size(), 2U);
  EXPECT_EQ(finding.evidence[0].seen, fact("1"));
}

TEST(Judge, AFailureSaysWhatWasSeenAndWhatWasExpected) {
  const auto check = written("probe: {file: /f}, expect: {equals: a}" + std::string(kExamples));
  const auto finding = judge(check, Machine::running,
                             answering({
                                 {"/f", {State::observed, {{"running", "b"}}, {}}}
  }));
  EXPECT_EQ(finding.reason, "file: /f → running: b (expected: is \"a\")");
}

}  // namespace cloister::audit::engine
