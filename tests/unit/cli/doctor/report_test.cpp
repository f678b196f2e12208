#include "cli/doctor/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace cloister::cli::doctor {
namespace {

using Format = Report::Format;

const Findings kMixed{ok("The page comes."), note("No relay."), warning("Little room.", "Make some."),
                      error("Nobody listens.", "Restart it.")};

TEST(DoctorsReport, PutsTheRemedyBelowWhatIsWrong) {
  std::ostringstream out;
  Report report(out, Format::text, nullptr);
  report.add(kMixed);
  EXPECT_EQ(report.finish(), 2);
  EXPECT_EQ(out.str(),
            "ok       The page comes.\n"
            "note     No relay.\n"
            "warning  Little room.\n"
            "         → Make some.\n"
            "error    Nobody listens.\n"
            "         → Restart it.\n"
            "\n1 errors, 1 warnings.\n");
}

TEST(DoctorsReport, EndsWithTheWorst) {
  const std::pair<Findings, int> cases[] = {
      {{ok("a"), note("b")},                                   0},
      {{ok("a"), warning("b", "c")},                           1},
      {{error("a", "b"), warning("b", "c"), ok("everything")}, 2},
  };
  for (const auto& [findings, status] : cases) {
    std::ostringstream out;
    Report report(out, Format::text, nullptr);
    report.add(findings);
    EXPECT_EQ(report.finish(), status);
  }
}

TEST(DoctorsReport, AnotherDoctorReadsItsJson) {
  std::ostringstream out;
  Report report(out, Format::json, nullptr);
  report.add(kMixed);
  report.finish();
  EXPECT_EQ(parse_json(out.str()), kMixed);
}

TEST(DoctorsReport, ShowsWhatIsLookedAtOnATerminalAndTakesItAway) {
  std::ostringstream out, terminal;
  Report report(out, Format::text, &terminal);
  report.begin("names");
  report.add({ok("a")});
  EXPECT_EQ(terminal.str(), "\r\x1b[K… names\r\x1b[K");
}

TEST(DoctorsReport, BelievesNoOtherForm) {
  for (const char* text :
       {"", "[]", "{}", R"({"findings": 1})", R"({"findings": [1]})", R"({"findings": [{}]})",
        R"({"findings": [{"verdict": "fine", "what": "a", "remedy": ""}]})",
        R"({"findings": [{"verdict": "ok", "what": 1, "remedy": ""}]})"})
    EXPECT_FALSE(parse_json(text)) << text;
}

TEST(DoctorsReport, LetsNobodyWriteOnTheTerminalWithIt) {
  const auto findings =
      parse_json(R"({"findings": [{"verdict": "ok", "what": "a\u001b[2Jb", "remedy": "\u0007"}]})");
  ASSERT_TRUE(findings);
  EXPECT_EQ(findings->front(), ok("a[2Jb"));
}

}  // namespace
}  // namespace cloister::cli::doctor
