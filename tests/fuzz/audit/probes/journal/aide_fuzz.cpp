#include <cstddef>
#include <cstdint>

#include "audit/probes/journal/aide_config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::audit::probes;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  AideConfig config;
  static_cast<void>(parse_aide(text, config));
  static_cast<void>(watched_attributes(config, "/usr/sbin/auditctl"));
  return 0;
}
