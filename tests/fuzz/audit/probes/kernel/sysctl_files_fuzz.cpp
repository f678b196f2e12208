// sysctl.d: what the last line sets counts.
#include "audit/probes/kernel/sysctl_files.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = parse_sysctl(text);
  if (!lines.empty() && lines.back().has_value)
    ASSERT(configured_value(lines, lines.back().key) == lines.back().value);
  (void)configured_value(lines, "net/ipv4/conf/all/rp_filter");
  return 0;
}
