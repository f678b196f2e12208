// `cloister audit` as it is typed: on an unpacked machine, with checks of the test's own.
#include "cli/audit/audit_commands.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/audit/files.h"
#include "support/temporary_folder.h"

namespace cloister::cli::audit {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kCheck =
    "- {id: motd-there, title: There is a message, why: w, level: 1, cis: {debian12-1.1.0: '1.6.4'}, probe: "
    "{file: {path: /etc/motd,"
    " field: type}}, expect: {equals: file}, examples: {pass: [file], fail: [folder, absent]}}\n";

class AuditCommand : public testing::Test {
protected:
  AuditCommand() {
    std::filesystem::create_directories(folder_ / "root/etc");
    std::filesystem::create_directories(folder_ / "checks/benchmark");
    std::filesystem::create_directories(folder_ / "checks/frameworks");
    write("checks/a.yaml", kCheck);
    write("checks/exceptions.yaml", "[]");
    write("checks/benchmark/cis-debian12-1.1.0.yaml",
          "benchmark: b\nrecommendations: [{id: '1.6.4', level: 1, mode: automated}]");
    write("checks/frameworks/gdpr.yaml",
          "{framework: gdpr, title: GDPR, clauses: [{id: '32', title: t, covers: ['1.6']}]}");
  }
  void write(const std::string& path, const std::string& text) { std::ofstream(folder_ / path) << text; }

  // The exit status; what was said is in `out_` and `errors_`.
  int type(std::vector<std::string> words) {
    CLI::App app;
    std::function<int()> chosen;
    add_commands(app, chosen);
    std::vector<std::string> line = {"audit", "--checks", folder_ / "checks", "--root", folder_ / "root"};
    line.insert(line.end(), words.begin(), words.end());
    std::ranges::reverse(line);
    app.parse(line);
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    const int status = chosen();
    out_ = testing::internal::GetCapturedStdout();
    errors_ = testing::internal::GetCapturedStderr();
    return status;
  }

  support::TemporaryFolder folder_;
  std::string out_;
  std::string errors_;
};

TEST_F(AuditCommand, EndsWithOneUntilTheMachineIsAsItShouldBe) {
  EXPECT_EQ(type({}), 1);
  EXPECT_THAT(out_, HasSubstr("FAIL: 1 checks fail."));
  write("root/etc/motd", "Hello");
  EXPECT_EQ(type({}), 0);
  EXPECT_THAT(out_, HasSubstr("OK: no check fails."));
}

TEST_F(AuditCommand, JudgesNothingByWrongChecks) {
  write("root/etc/motd", "Hello");
  write("checks/b.yaml", "- {id: b, titel: t}");
  EXPECT_EQ(type({}), 2);
  EXPECT_EQ(out_, "");
  EXPECT_THAT(errors_, HasSubstr("b.yaml:1: a check knows no key titel"));
  EXPECT_EQ(type({"--list"}), 2);
  EXPECT_EQ(type({"--explain", "motd-there"}), 2);
}

TEST_F(AuditCommand, JudgesNothingByAnExceptionForNoCheck) {
  write("root/etc/motd", "Hello");
  std::filesystem::create_directories(folder_ / "root/etc/cloister");
  write("root/etc/cloister/audit-exceptions.yaml",
        "- {check: x, reason: r, risk: k, compensation: c, accepted_by: b, review: 2099-01-31}");
  EXPECT_EQ(type({}), 2);
  EXPECT_THAT(errors_, HasSubstr("audit-exceptions.yaml:1: there is no check x"));
}

TEST_F(AuditCommand, TakesTheExceptionsOfTheMachineThatIsJudged) {
  std::filesystem::create_directories(folder_ / "root/etc/cloister");
  write("root/etc/cloister/audit-exceptions.yaml",
        "- {check: motd-there, reason: r, risk: k, compensation: c, accepted_by: b, review: 2099-01-31}");
  EXPECT_EQ(type({}), 0);
  EXPECT_THAT(out_, HasSubstr("accepted by b (site), review by 2099-01-31"));
}

TEST_F(AuditCommand, AWrongNameIsAnErrorAndNoEmptySuccess) {
  EXPECT_EQ(type({"--only", "motd-ther"}), 2);
  EXPECT_THAT(errors_, HasSubstr("motd-ther is no check"));
}

TEST_F(AuditCommand, WritesAReportThatALaterRunIsComparedWith) {
  EXPECT_EQ(type({"--format", "json", "--output", folder_ / "before.json"}), 1);
  EXPECT_EQ(std::filesystem::status(folder_ / "before.json").permissions(), std::filesystem::perms(0600));
  write("root/etc/motd", "Hello");
  EXPECT_EQ(type({"--diff", folder_ / "before.json"}), 0);
  EXPECT_THAT(out_, StartsWith("  motd-there: fail → pass\n"));
}

TEST_F(AuditCommand, GroupsByFramework) {
  EXPECT_EQ(type({"--framework", "gdpr"}), 1);
  EXPECT_THAT(out_, HasSubstr("32: t\n  fail: 0 of 1 checks pass\n"));
}

TEST_F(AuditCommand, StoresExportsAndVerifies) {
  const std::string evidence = folder_ / "evidence";
  EXPECT_EQ(type({"store", "--folder", evidence}), 2) << "there is no key yet";
  EXPECT_THAT(errors_, HasSubstr("cloister audit keygen"));
  EXPECT_EQ(type({"keygen", "--folder", evidence}), 0);
  EXPECT_EQ(type({"keygen", "--folder", evidence}), 2) << "the key of earlier evidence is not thrown away";
  EXPECT_EQ(type({"store", "--folder", evidence}), 1) << "the run's own status";
  write("root/etc/motd", "Hello");
  EXPECT_EQ(type({"store", "--folder", evidence}), 0);
  EXPECT_EQ(type({"export", "--folder", evidence, "--output", folder_ / "e.json"}), 0);
  EXPECT_EQ(type({"verify", folder_ / "e.json", "--key", evidence + "/key.pub.pem"}), 0);
  EXPECT_THAT(out_, StartsWith("Genuine: run 2 of "));

  std::string text = *read_whole_file(folder_ / "e.json");
  const auto at = text.find("\\\"verdict\\\":\\\"pass\\\"");
  ASSERT_NE(at, std::string::npos);
  write("e.json", text.replace(at, 18, "\\\"verdict\\\":\\\"fail"));
  EXPECT_EQ(type({"verify", folder_ / "e.json", "--key", evidence + "/key.pub.pem"}), 1);
  EXPECT_THAT(out_, StartsWith("NOT GENUINE: the report is not the one that was signed"));
  EXPECT_EQ(type({"verify", folder_ / "none", "--key", evidence + "/key.pub.pem"}), 2);
}

}  // namespace
}  // namespace cloister::cli::audit
