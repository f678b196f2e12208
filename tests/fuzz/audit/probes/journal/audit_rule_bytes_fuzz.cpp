#include <cstddef>
#include <cstdint>

#include "audit/probes/journal/audit_rule_bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::audit::probes;
  static_cast<void>(parse_audit_rule_bytes(std::as_bytes(std::span(data, size))));
  return 0;
}
