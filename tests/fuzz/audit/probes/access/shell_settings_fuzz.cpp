#include <cstddef>
#include <cstdint>

#include "audit/probes/access/shell_settings.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister::audit::probes;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  static_cast<void>(assignments_of(text, "TMOUT"));
  static_cast<void>(umasks_of(text));
  return 0;
}
