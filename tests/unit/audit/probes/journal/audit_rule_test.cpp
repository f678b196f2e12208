#include "audit/probes/journal/audit_rule.h"

#include <gmock/gmock.h>

#include "audit/probes/journal/syscall_names.h"

namespace cloister::audit::probes {
namespace {

using ::testing::SizeIs;

struct Spelling {
  const char* written;
  const char* canonical;
};
constexpr Spelling kSpellings[] = {
    {"-w /etc/sudoers -p wa -k scope",                            "-w /etc/sudoers -p wa"                  },
    {"-w /etc/sudoers.d/ -p aw",                                  "-w /etc/sudoers.d -p wa"                },
    {"-a always,exit -S all -F dir=/etc/sudoers.d -F perm=wa",    "-w /etc/sudoers.d -p wa"                },
    {"-a exit,always -F path=/var/run/utmp -F perm=wa -F key=x",  "-w /run/utmp -p wa"                     },
    {"-w /etc/shadow",                                            "-w /etc/shadow -p rwxa"                 },
    {"-a always,exit -F arch=b64 -S settimeofday -S adjtimex",
     "-a always,exit -F arch=b64 -S adjtimex,settimeofday"                                                 },
    {"-a always,exit -F arch=c000003e -S 2,257 -F exit=-EACCES",
     "-a always,exit -F arch=b64 -S open,openat -F exit=-13"                                               },
    {"-a always,exit -F arch=b32 -S 5",                           "-a always,exit -F arch=b32 -S open"     },
    {"-a always,exit -S mount -F auid!=4294967295 -F auid>=1000",
     "-a always,exit -S mount -F auid!=unset -F auid>=1000"                                                },
    {"-a always,exit -S execve -C uid!=euid -F auid!=-1",
     "-a always,exit -S execve -F auid!=unset -F euid!=uid"                                                },
    {"-a always,exit -S clock_settime -F a0=0x0",                 "-a always,exit -S clock_settime -F a0=0"},
    {"-a never,task",                                             "-a never,task"                          },
};
TEST(AuditRule, HasOneFormForFilesAndKernel) {
  for (const auto& [written, canonical] : kSpellings) {
    SCOPED_TRACE(written);
    const auto rule = parse_audit_rule(written);
    ASSERT_TRUE(rule);
    EXPECT_EQ(rule->text(), canonical);
    EXPECT_EQ(parse_audit_rule(rule->text())->text(), canonical);
  }
}

TEST(AuditRule, IsNotWhatOnlyControls) {
  for (const char* line :
       {"-D", "-b 8192", "-e 2", "--backlog_wait_time 60000", "", "-a", "-w /x -p", "-a always,exit -Q 1"})
    EXPECT_FALSE(parse_audit_rule(line)) << line;
}

TEST(AuditRuleFile, KeepsTheLastLock) {
  const auto file = parse_audit_rules("-D\n-e 1\n# a comment\n-w /etc/hosts -p wa -k net\n-e 2\n");
  EXPECT_THAT(file.rules, SizeIs(1));
  EXPECT_EQ(file.enabled, "2");
}

struct Question {
  const char* why;
  const char* wanted;
  const char* rules;
  bool recorded;
};
constexpr Question kQuestions[] = {
    {"the same",                        "-w /etc/hosts -p wa",                                        "-w /etc/hosts -p wa -k net",                                 true },
    {"more access than asked for",      "-w /etc/hosts -p wa",                                        "-w /etc/hosts -p rwxa",                                      true },
    {"half of the access",              "-w /etc/hosts -p wa",                                        "-w /etc/hosts -p w",                                         false},
    {"another file",                    "-w /etc/hosts -p wa",                                        "-w /etc/host -p wa",                                         false},
    {"access spread over two rules",    "-w /etc/hosts -p wa",                                        "-w /etc/hosts -p w\n-w /etc/hosts -p a",                     true },
    {"only for people",                 "-w /etc/hosts -p wa",                                        "-a always,exit -F path=/etc/hosts -F perm=wa -F auid>=1000",
     false                                                                                                                                                               },
    {"only 64 bits",                    "-w /etc/hosts -p wa",                                        "-a always,exit -F arch=b64 -F path=/etc/hosts -F perm=wa",
     false                                                                                                                                                               },
    {"both widths",                     "-w /etc/hosts -p wa",
     "-a always,exit -F arch=b64 -F path=/etc/hosts -F perm=wa\n-a always,exit -F arch=b32 -F "
     "path=/etc/hosts -F perm=wa",                                                                                                                                  true },
    {"calls spread over two rules",
     "-a always,exit -F arch=b64 -S unlink,rename -F auid>=1000 -F auid!=unset",                      "-a always,exit -F arch=b64 -S unlink -F auid!=unset\n-a always,exit -F arch=b64 -S rename -F "
     "auid>=1000",                                                                  true },
    {"a call is missing",               "-a always,exit -F arch=b64 -S unlink,rename",
     "-a always,exit -F arch=b64 -S unlink",                                                                                                                        false},
    {"a narrower condition",            "-a always,exit -F arch=b64 -S mount -F auid>=1000",
     "-a always,exit -F arch=b64 -S mount -F auid>=1000 -F success=0",                                                                                              false},
    {"another width",                   "-a always,exit -F arch=b32 -S mount",                        "-a always,exit -F arch=b64 -S mount",                        false},
    {"every call on the file",          "-a always,exit -F path=/usr/bin/su -F perm=x -F auid>=1000",
     "-a always,exit -F path=/usr/bin/su -F auid>=1000",                                                                                                            true },
    {"every task is left out in front", "-w /etc/hosts -p wa",                                        "-a never,task\n-w /etc/hosts -p wa",                         false},
    {"a rule that records nothing",     "-w /etc/hosts -p wa",                                        "-a never,exit -F path=/etc/hosts -F perm=wa",
     false                                                                                                                                                               },
};
TEST(AuditRule, RecordsWhatIsWantedOrNot) {
  for (const auto& [why, wanted, rules, recorded] : kQuestions)
    EXPECT_EQ(is_recorded(*parse_audit_rule(wanted), parse_audit_rules(rules).rules), recorded) << why;
}

TEST(SyscallNames, AreThoseOfX86) {
  EXPECT_EQ(syscall_name("b64", 59), "execve");
  EXPECT_EQ(syscall_name("b64", 334), "rseq");
  EXPECT_EQ(syscall_name("b64", 439), "faccessat2");
  EXPECT_EQ(syscall_name("b32", 11), "execve");
  EXPECT_EQ(syscall_name("b64", 400), "400");
  EXPECT_EQ(syscall_name("b64", 60000), "60000");
}

}  // namespace
}  // namespace cloister::audit::probes
