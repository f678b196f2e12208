// apt.conf: whatever is nested how deeply.
#include "audit/probes/software/apt_config.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  AptConfig config;
  parse_apt_config(text, config);
  for (const auto& [name, value] : config) ASSERT(value.empty() || value.front() != '"' || value.size() > 1);
  return 0;
}
