#include <cstddef>
#include <cstdint>

#include "audit/probes/journal/audit_rule.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::audit::probes;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const AuditRuleFile file = parse_audit_rules(text);
  for (const AuditRule& rule : file.rules)
    static_cast<void>(parse_audit_rule(rule.text()) && is_recorded(rule, file.rules));
  return 0;
}
