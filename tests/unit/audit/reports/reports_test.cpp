// The same run in every form.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <sstream>

#include "audit/reports/diff.h"
#include "audit/reports/format.h"
#include "audit/reports/framework.h"
#include "audit/reports/json.h"

namespace cloister::audit::reports {
namespace {

using engine::CheckReport;
using engine::Report;
using model::State;
using model::Verdict;

CheckReport check(const std::string& id, Verdict verdict, const std::string& reason = "") {
  CheckReport one;
  one.id = id;
  one.title = "Title of " + id;
  one.why = "Because <b>&\"'";
  one.cis = {"5.1.1"};
  one.verdict = verdict;
  one.reason = reason;
  one.evidence = {
      {"sshd: x", {State::observed, {{"running", "<script>alert(1)</script>"}}, ""}, "is \"no\"", false}
  };
  if (verdict == Verdict::exception)
    one.exception =
        engine::CoveredBy{"site", "the reason", "the risk", "the compensation", "somebody", "2027-01-31"};
  return one;
}

Report report_of(std::vector<CheckReport> checks) {
  Report report;
  report.program = "cloister 1";
  report.benchmark = "CIS Debian Linux 12 Benchmark v1.1.0";
  report.machine = "running";
  report.profile = "server";
  report.checks = std::move(checks);
  report.recommendations = {
      {"5.1.1", 1, Verdict::fail, {"a"}}
  };
  report.remarks = {
      {"a", "the site's exception is not needed any more"}
  };
  return report;
}

Report one_of_each() {
  std::vector<CheckReport> all;
  for (const Verdict verdict : model::kVerdicts)
    all.push_back(check(std::string("check-") + word(verdict), verdict, std::string("why ") + word(verdict)));
  return report_of(std::move(all));
}

std::string written(Format format, const Report& report) {
  std::ostringstream out;
  write(out, format, report);
  return out.str();
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

TEST(Json, ComesBackAsItWas) {
  const auto back = parse_json(json_text(one_of_each()));
  ASSERT_TRUE(back) << back.error();
  EXPECT_EQ(*back, one_of_each());
}

TEST(Json, BringsNothingThatATerminalObeys) {
  Report evil = one_of_each();
  evil.checks[0].title = "\x1b[2Jgone\n";
  const auto back = parse_json(json_text(evil));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->checks[0].title, "\\x1b[2Jgone ");
}

struct Forgery {
  const char* from;
  const char* to;
};
TEST(Json, RefusesWhatItDidNotWrite) {
  const std::string good = json_text(one_of_each());
  for (const auto& [from, to] : {
           Forgery{"\"format\":\"cloister-audit-report/1\"", "\"format\":\"cloister-audit-report/2\""},
           Forgery{"\"machine\":\"running\"",                "\"machine\":7"                         },
           Forgery{"\"machine\":\"running\"",                "\"machin\":\"running\""                },
           Forgery{"\"level\":2",                            "\"level\":3"                           },
           Forgery{"\"verdict\":\"pass\"",                   "\"verdict\":\"good\""                  },
           Forgery{"\"pass\":1",                             "\"pass\":2"                            },
           Forgery{"\"state\":\"observed\"",                 "\"state\":\"seen\""                    },
           Forgery{"\"exception\":null",                     "\"exception\":{}"                      },
           Forgery{"\"only\":[]",                            "\"only\":[1]"                          },
           Forgery{"\"remarks\":[",                          "\"remarks\":[3,"                       },
  }) {
    std::string bad = good;
    const auto at = bad.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    EXPECT_FALSE(parse_json(bad.replace(at, std::string(from).size(), to))) << to;
  }
  EXPECT_FALSE(parse_json(""));
  EXPECT_FALSE(parse_json("[]"));
}

TEST(Text, NamesEverythingThatIsNoPassAndCountsTheRest) {
  const std::string text = written(Format::text, one_of_each());
  for (const Verdict verdict : model::kVerdicts)
    EXPECT_EQ(has(text, std::string("check-") + word(verdict)), verdict != Verdict::pass) << word(verdict);
  EXPECT_TRUE(has(text, "reason: the reason"));
  EXPECT_TRUE(has(text, "accepted by somebody (site), review by 2027-01-31"));
  EXPECT_TRUE(has(text, "the site's exception is not needed any more"));
  EXPECT_TRUE(has(text, "v1.1.0"));
  EXPECT_TRUE(has(text, "ERROR: 1 checks could not be judged, 1 fail."));
}

TEST(Html, RunsNothingOfWhatItShows) {
  const std::string page = written(Format::html, one_of_each());
  EXPECT_FALSE(has(page, "<script"));
  EXPECT_TRUE(has(page, "&lt;script&gt;alert(1)&lt;/script&gt;"));
  EXPECT_TRUE(has(page, "default-src 'none'"));
  EXPECT_FALSE(has(page, "http://"));
  EXPECT_FALSE(has(page, "https://"));
  for (const Verdict verdict : model::kVerdicts)
    EXPECT_TRUE(has(page, std::string("id=\"check-") + word(verdict)));
}

TEST(Junit, CountsFailuresErrorsAndWhatIsSkipped) {
  const std::string xml = written(Format::junit, one_of_each());
  EXPECT_TRUE(has(xml, "tests=\"8\" failures=\"1\" errors=\"1\" skipped=\"5\""));
  EXPECT_TRUE(has(xml, "<testcase classname=\"5.1.1\" name=\"check-pass\"></testcase>"));
  EXPECT_TRUE(has(xml, "<failure message=\"Title of check-fail: Fails: why fail\"/>"));
}

TEST(Sarif, HasARuleAndAResultForEachCheck) {
  const boost::json::value sarif = boost::json::parse(written(Format::sarif, one_of_each()));
  const auto& run = sarif.at("runs").at(0);
  EXPECT_EQ(sarif.at("version"), "2.1.0");
  EXPECT_EQ(run.at("tool").at("driver").at("rules").as_array().size(), 8U);
  const auto& results = run.at("results").as_array();
  ASSERT_EQ(results.size(), 8U);
  const auto kind = [&](Verdict verdict) { return results[static_cast<std::size_t>(verdict)].at("kind"); };
  EXPECT_EQ(kind(Verdict::pass), "pass");
  EXPECT_EQ(kind(Verdict::fail), "fail");
  EXPECT_EQ(kind(Verdict::not_applicable), "notApplicable");
  EXPECT_EQ(kind(Verdict::manual), "review");
  EXPECT_EQ(kind(Verdict::error), "open");
  EXPECT_EQ(results[static_cast<std::size_t>(Verdict::exception)].at("suppressions").at(0).at("status"),
            "accepted");
}

TEST(Reports, AreTheSameForTheSameRun) {
  for (const Format format : {Format::text, Format::json, Format::html, Format::sarif, Format::junit})
    EXPECT_EQ(written(format, one_of_each()), written(format, one_of_each()));
}

TEST(Diff, TellsWhatBecameWorseAndWhatBetter) {
  const Report before = report_of({check("a", Verdict::pass), check("b", Verdict::fail),
                                   check("c", Verdict::pass), check("gone", Verdict::pass)});
  const Report after = report_of({check("a", Verdict::fail, "now bad"), check("b", Verdict::pass),
                                  check("c", Verdict::pass), check("new", Verdict::manual)});
  std::ostringstream out;
  write_changes(out, changes(before, after));
  EXPECT_EQ(out.str(),
            "! a: pass → fail\n    Title of a\n    now bad\n"
            "  b: fail → pass\n    Title of b\n"
            "  new: not there → manual\n    Title of new\n"
            "  gone: pass → not there\n    Title of gone\n");
  EXPECT_TRUE(changes(after, after).empty());
}

TEST(FrameworkView, GroupsTheSameVerdictsByClause) {
  const Report report =
      report_of({check("a", Verdict::pass), check("b", Verdict::fail), check("c", Verdict::exception)});
  const checks::Framework framework{
      .id = "f",
      .title = "F",
      .note = "",
      .clauses = {{"1", "One", {"a", "b"}}, {"2", "Two", {"a", "c"}}, {"3", "Three", {"not-run"}}}
  };
  const FrameworkReport grouped = view(report, framework);
  ASSERT_EQ(grouped.clauses.size(), 2U) << "a clause of which nothing was run is left out";
  EXPECT_EQ(grouped.clauses[0].verdict, Verdict::fail);
  EXPECT_EQ(grouped.clauses[1].verdict, Verdict::exception);
  std::ostringstream out;
  write_text(out, grouped);
  EXPECT_TRUE(has(out.str(), "1: One\n  fail: 1 of 2 checks pass\n"));
}

}  // namespace
}  // namespace cloister::audit::reports
