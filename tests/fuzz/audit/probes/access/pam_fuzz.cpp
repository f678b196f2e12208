#include <cstddef>
#include <cstdint>

#include "audit/probes/access/pam_stack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::audit::probes;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const PamEntry& entry : parse_pam(text))
    if (entry.line) static_cast<void>(entry.line->text() + entry.line->argument("nullok").value_or(""));
  return 0;
}
