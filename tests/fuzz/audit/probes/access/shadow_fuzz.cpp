#include <cstddef>
#include <cstdint>

#include "audit/probes/access/logins.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::audit::probes;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(parse_shadow(text));
  return 0;
}
