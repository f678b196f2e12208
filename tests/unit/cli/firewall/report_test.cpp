#include "cli/firewall/report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "firewall/policy/wanted.h"

namespace cloister::cli::firewall {
namespace {

using testing::HasSubstr;

policy::Ruleset rules() {
  policy::Settings settings;
  policy::Service web;
  web.name = "web";
  web.ports = {
      {443, 443}
  };
  settings.input = {web};
  return policy::wanted_rules(settings);
}

TEST(FirewallReport, ShowsRulesForPeople) {
  std::ostringstream out;
  report_rules(out, Format::text, rules());
  EXPECT_THAT(out.str(), HasSubstr("input: what comes in\n  accept coming in by loopback (loopback)\n"));
  EXPECT_THAT(out.str(), HasSubstr("  accept TCP to port 443 (web)\n  drop all else\n"));
  EXPECT_THAT(out.str(), HasSubstr("forward: what passes through\n  drop all else\n"));
}

TEST(FirewallReport, ShowsRulesForPrograms) {
  std::ostringstream out;
  report_rules(out, Format::json, rules());
  EXPECT_THAT(out.str(), HasSubstr(R"-("verdict":"accept","words":"accept TCP to port 443 (web)")-"));
  std::ostringstream none;
  report_rules(none, Format::json, std::nullopt);
  EXPECT_EQ(none.str(), "{\"present\":false}\n");
}

TEST(FirewallReport, APlanIsALineADifference) {
  std::ostringstream out;
  policy::Ruleset running = rules();
  running.chains[0].rules.pop_back();
  report_plan(out, Format::text, policy::plan(running, rules()));
  EXPECT_EQ(out.str(), "+ input: accept TCP to port 443 (web)\n");
  std::ostringstream none;
  report_plan(none, Format::text, {});
  EXPECT_THAT(none.str(), HasSubstr("Nothing to do"));
}

TEST(FirewallReport, StatusIsTotals) {
  std::ostringstream text;
  std::ostringstream json;
  const protocol::Status status{
      .bans4 = 1, .bans6 = 2, .rules = 3, .restored = 4, .seconds_to_confirm = 5, .in_force = false};
  report_status(text, Format::text, status);
  report_status(json, Format::json, status);
  EXPECT_THAT(text.str(), HasSubstr("The rules are NOT in force (3).\nBanned sources: 1 IPv4, 2 IPv6.\n"));
  EXPECT_THAT(text.str(), HasSubstr("come back in 5 s"));
  EXPECT_EQ(json.str(),
            R"({"in_force":false,"rules":3,"bans_ipv4":1,"bans_ipv6":2,"restored":4,"seconds_to_confirm":5})"
            "\n");
}

}  // namespace
}  // namespace cloister::cli::firewall
