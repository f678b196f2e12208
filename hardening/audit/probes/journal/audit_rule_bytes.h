// An audit rule as the kernel lists it (linux/audit.h, struct audit_rule_data; AUDIT_LIST_RULES).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "base/result.h"

namespace cloister::audit::probes {

enum class AuditRuleError : std::uint8_t { truncated, too_many_fields, string_overrun };

// The rule as auditctl takes it: "-a always,exit -F arch=b64 -S adjtimex -F key=time-change". Fields that
// have no name here are "field300=1".
Result<std::string, AuditRuleError> parse_audit_rule_bytes(std::span<const std::byte> message);

}  // namespace cloister::audit::probes
