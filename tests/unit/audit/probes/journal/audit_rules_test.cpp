#include <gmock/gmock.h>

#include "audit/probes/files/file_walk.h"
#include "audit/probes/journal/probes.h"
#include "support/machine_tree.h"

namespace cloister::audit::probes {
namespace {

using model::Fact;
using model::State;
using support::asked;
using support::MachineTree;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

model::ProbeArguments missing(std::vector<std::string> rules) {
  return {.values = {}, .named = {{"missing", std::move(rules)}}};
}

Doors kernel(unsigned enabled, std::vector<std::string> rules) {
  Doors doors;
  doors.audit = [=]() -> Result<AuditKernel, SystemError> { return AuditKernel{enabled, rules}; };
  return doors;
}

MachineTree& with_auditd(MachineTree& tree) {
  return tree.with("/sbin/auditctl").with("/etc/passwd").with("/etc/group");
}

constexpr const char* kSudoers = "-w /etc/sudoers -p wa";

TEST(AuditRules, MissWhatIsOnlyInTheFiles) {
  MachineTree tree;
  with_auditd(tree).with("/etc/audit/rules.d/50-scope.rules", "-w /etc/sudoers -p wa -k scope\n");
  EXPECT_THAT(observe_audit_rules(tree.running(kernel(1, {})), missing({kSudoers})).facts,
              ElementsAre(Fact{"running", kSudoers}));
  const auto doors = kernel(1, {"-a always,exit -S all -F path=/etc/sudoers -F perm=wa -F key=scope"});
  EXPECT_THAT(observe_audit_rules(tree.running(doors), missing({kSudoers})).facts, IsEmpty());
}

TEST(AuditRules, MissWhatIsOnlyInTheKernel) {
  MachineTree tree;
  with_auditd(tree).with("/etc/audit/rules.d/50-scope.rules", "-w /etc/hosts -p wa\n");
  const auto doors = kernel(1, {"-w /etc/sudoers -p wa"});
  EXPECT_THAT(observe_audit_rules(tree.running(doors), missing({kSudoers})).facts,
              ElementsAre(Fact{"configured", kSudoers}));
  EXPECT_THAT(observe_audit_rules(tree.running(doors), asked("difference")).facts,
              ElementsAre(Fact{"configured", "-w /etc/hosts -p wa"}, Fact{"running", kSudoers}));
}

TEST(AuditRules, OfAnUnpackedSystemNeverPass) {
  MachineTree tree;
  with_auditd(tree).with("/etc/audit/rules.d/50-scope.rules", "-w /etc/sudoers -p wa\n");
  EXPECT_EQ(observe_audit_rules(tree.unpacked(), missing({kSudoers})).state, State::not_running);
  EXPECT_THAT(observe_audit_rules(tree.unpacked(), missing({"-w /etc/hosts -p wa"})).facts,
              ElementsAre(Fact{"configured", "-w /etc/hosts -p wa"}));
}

TEST(AuditRules, OfAContainerAreTheBusinessOfTheMachineAroundIt) {
  MachineTree tree;
  with_auditd(tree)
      .with("/run/systemd/container", "systemd-nspawn")
      .with("/etc/audit/rules.d/50-scope.rules", "-w /etc/sudoers -p wa\n");
  EXPECT_EQ(observe_audit_rules(tree.running(kernel(0, {})), missing({kSudoers})).state, State::not_running);
  EXPECT_EQ(observe_audit_rules(tree.running(kernel(0, {})), asked("difference")).state, State::not_running);
  EXPECT_THAT(observe_audit_rules(tree.running(kernel(0, {})), missing({"-w /etc/hosts -p wa"})).facts,
              ElementsAre(Fact{"configured", "-w /etc/hosts -p wa"}));
}

TEST(AuditRules, AreNotGuessedWhenTheKernelRefuses) {
  MachineTree tree;
  with_auditd(tree).with("/etc/audit/rules.d/50-scope.rules", "-w /etc/sudoers -p wa\n");
  Doors refused;
  refused.audit = []() -> Result<AuditKernel, SystemError> {
    return fail(SystemError{std::make_error_code(std::errc::operation_not_permitted), "asking"});
  };
  EXPECT_EQ(observe_audit_rules(tree.running(refused), missing({kSudoers})).state, State::unreadable);
}

TEST(AuditRules, SortFilesAsTheirLoaderDoes) {
  MachineTree tree;
  with_auditd(tree)
      .with("/etc/audit/rules.d/9-open.rules", "-e 1\n")
      .with("/etc/audit/rules.d/99-lock.rules", "-e 2\n");
  EXPECT_THAT(observe_audit_rules(tree.running(kernel(1, {})), asked("lock")).facts,
              ElementsAre(Fact{"configured", "2"}, Fact{"running", "1"}));
}

TEST(AuditRules, FollowSudoToItsLog) {
  MachineTree tree;
  with_auditd(tree)
      .with("/etc/sudoers", "Defaults logfile=/var/log/sudo.log\n")
      .with("/etc/audit/rules.d/50-sudo.rules", "-w /var/log/sudo.log -p wa\n");
  const auto wanted = missing({"-w {sudo logfile} -p wa"});
  EXPECT_THAT(observe_audit_rules(tree.unpacked(), wanted).facts, IsEmpty());
  tree.with("/etc/sudoers", "Defaults logfile=/var/log/sudo/all\n");
  EXPECT_THAT(observe_audit_rules(tree.unpacked(), wanted).facts,
              ElementsAre(Fact{"configured", "-w {sudo logfile} -p wa"}));
}

TEST(AuditRules, WatchEveryProgramThatGainsRights) {
  MachineTree tree;
  with_auditd(tree)
      .with("/usr/bin/su", "", 04755)
      .with("/usr/bin/chage", "", 02755)
      .with("/usr/bin/true", "", 0755)
      .with("/etc/audit/rules.d/50-programs.rules",
            "-a always,exit -F path=/usr/bin/su -F perm=x -F auid>=1000 -F auid!=unset -k privileged\n");
  const System system = tree.unpacked();
  if (!walk_files(system).privileged.front().may_gain_rights)
    GTEST_SKIP() << "temporary files gain no rights here";
  const auto seen = observe_audit_rules(system, asked("programs"));
  EXPECT_THAT(seen.facts, ElementsAre(Fact{"configured", "/usr/bin/chage"}));
}

TEST(AuditRules, AreNotThereWithoutTheTools) {
  MachineTree tree;
  tree.with("/etc/audit/rules.d/50-scope.rules", "-w /etc/sudoers -p wa\n");
  EXPECT_EQ(observe_audit_rules(tree.unpacked(), missing({kSudoers})).state, State::not_installed);
}

TEST(AuditFiles, FollowTheDaemonToItsLog) {
  MachineTree tree;
  tree.with("/sbin/auditd", "", 0755)
      .with("/etc/audit/auditd.conf", "log_file = /srv/audit/audit.log\n", 0640)
      .with("/etc/audit/rules.d/a.rules", "", 0600)
      .with("/srv/audit/audit.log", "", 0600)
      .with("/srv/audit/audit.log.1", "", 0440);
  const System system = tree.unpacked();
  EXPECT_THAT(observe_audit_files(system, asked("logs")).facts,
              ElementsAre(Fact{"/srv/audit/audit.log", "0600 " + tree.owner()},
                          Fact{"/srv/audit/audit.log.1", "0440 " + tree.owner()}));
  EXPECT_THAT(observe_audit_files(system, asked("log_folder")).facts,
              ElementsAre(Fact{"/srv/audit", "0755 " + tree.owner()}));
  EXPECT_THAT(observe_audit_files(system, asked("configuration")).facts,
              ElementsAre(Fact{"/etc/audit/auditd.conf", "0640 " + tree.owner()},
                          Fact{"/etc/audit/rules.d/a.rules", "0600 " + tree.owner()}));
  EXPECT_THAT(observe_audit_files(system, asked("programs")).facts,
              ElementsAre(Fact{"/sbin/auditd", "0755 " + tree.owner()}));
}

TEST(LogFiles, AreToldApartByKind) {
  MachineTree tree;
  tree.with("/var/log/wtmp", "", 0664)
      .with("/var/log/btmp.1", "", 0660)
      .with("/var/log/apt/history.log", "", 0644)
      .with("/var/log/journal/1f/system.journal", "", 0640)
      .with("/run/log/journal/1f/system.journal", "", 0644)
      .with("/var/log/sssd/sssd.log", "", 0600)
      .with_link("/var/log/README", "/usr/share/doc/README");
  const System system = tree.unpacked();
  const auto of = [&](const char* kind) { return observe_log_files(system, asked(kind)).facts; };
  EXPECT_THAT(of("sessions"), ElementsAre(Fact{"/var/log/btmp.1", "0660 " + tree.owner()},
                                          Fact{"/var/log/wtmp", "0664 " + tree.owner()}));
  EXPECT_THAT(of("others"), ElementsAre(Fact{"/var/log/apt/history.log", "0644 " + tree.owner()}));
  EXPECT_THAT(of("journal"), ElementsAre(Fact{"/var/log/journal/1f/system.journal", "0640 " + tree.owner()},
                                         Fact{"/run/log/journal/1f/system.journal", "0644 " + tree.owner()}));
  EXPECT_THAT(of("logins"), ElementsAre(Fact{"/var/log/sssd/sssd.log", "0600 " + tree.owner()}));
}

}  // namespace
}  // namespace cloister::audit::probes
