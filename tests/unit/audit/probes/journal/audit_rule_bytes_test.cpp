#include "audit/probes/journal/audit_rule_bytes.h"

#include <gmock/gmock.h>
#include <linux/audit.h>

#include <cstring>
#include <vector>

namespace cloister::audit::probes {
namespace {

// A rule as the kernel lays it out, with room for its strings.
struct Message {
  std::string strings;

  Message& call(unsigned number) {
    fixed.mask[number / 32] |= 1U << number % 32;
    return *this;
  }
  Message& all_calls() {
    std::memset(fixed.mask, 0xff, sizeof fixed.mask);
    return *this;
  }
  Message& field(std::uint32_t name, std::uint32_t flags, std::uint32_t value) {
    fixed.fields[fixed.field_count] = name;
    fixed.fieldflags[fixed.field_count] = flags;
    fixed.values[fixed.field_count++] = value;
    return *this;
  }
  Message& field(std::uint32_t name, const std::string& text) {
    strings += text;
    return field(name, AUDIT_EQUAL, static_cast<std::uint32_t>(text.size()));
  }
  std::vector<std::byte> bytes() const {
    std::vector<std::byte> all(offsetof(audit_rule_data, buf) + strings.size());
    std::memcpy(all.data(), &fixed, offsetof(audit_rule_data, buf));
    std::memcpy(all.data() + offsetof(audit_rule_data, buf), strings.data(), strings.size());
    return all;
  }

  audit_rule_data fixed{};  // at the end: it is open there
};

Message message() {
  Message made;
  made.fixed.flags = AUDIT_FILTER_EXIT;
  made.fixed.action = AUDIT_ALWAYS;
  return made;
}

TEST(AuditRuleBytes, AreAWatch) {
  const auto bytes = message()
                         .all_calls()
                         .field(AUDIT_WATCH, "/etc/sudoers")
                         .field(AUDIT_PERM, AUDIT_EQUAL, AUDIT_PERM_WRITE | AUDIT_PERM_ATTR)
                         .field(AUDIT_FILTERKEY, "scope")
                         .bytes();
  EXPECT_EQ(parse_audit_rule_bytes(bytes).value(),
            "-a always,exit -S all -F path=/etc/sudoers -F perm=wa -F key=scope");
}

TEST(AuditRuleBytes, AreCallsWithConditions) {
  const auto bytes = message()
                         .call(59)
                         .field(AUDIT_ARCH, AUDIT_EQUAL, AUDIT_ARCH_X86_64)
                         .field(AUDIT_FIELD_COMPARE, AUDIT_NOT_EQUAL, AUDIT_COMPARE_UID_TO_EUID)
                         .field(AUDIT_LOGINUID, AUDIT_NOT_EQUAL, 0xffffffffU)
                         .field(AUDIT_EXIT, AUDIT_EQUAL, static_cast<std::uint32_t>(-13))
                         .field(AUDIT_LOGINUID, AUDIT_GREATER_THAN_OR_EQUAL, 1000)
                         .bytes();
  EXPECT_EQ(parse_audit_rule_bytes(bytes).value(),
            "-a always,exit -S execve -F arch=b64 -C uid!=euid -F auid!=unset -F exit=-13 -F auid>=1000");
}

TEST(AuditRuleBytes, AreOfOtherListsToo) {
  Message made = message();
  made.fixed.flags = AUDIT_FILTER_TASK;
  made.fixed.action = AUDIT_NEVER;
  EXPECT_EQ(parse_audit_rule_bytes(made.bytes()).value(), "-a never,task");
  made.fixed.flags = AUDIT_FILTER_EXCLUDE;
  EXPECT_EQ(parse_audit_rule_bytes(made.field(AUDIT_MSGTYPE, AUDIT_EQUAL, 1326).bytes()).value(),
            "-a never,exclude -F msgtype=1326");
}

TEST(AuditRuleBytes, AreRefusedWhenTheyLie) {
  const auto whole = message().field(AUDIT_WATCH, "/etc/hosts").bytes();
  const std::span<const std::byte> bytes(whole);
  EXPECT_EQ(parse_audit_rule_bytes(bytes.first(bytes.size() - 1)).error(), AuditRuleError::string_overrun);
  EXPECT_EQ(parse_audit_rule_bytes(bytes.first(40)).error(), AuditRuleError::truncated);
  Message many = message();
  many.fixed.field_count = 65;
  EXPECT_EQ(parse_audit_rule_bytes(many.bytes()).error(), AuditRuleError::too_many_fields);
}

}  // namespace
}  // namespace cloister::audit::probes
