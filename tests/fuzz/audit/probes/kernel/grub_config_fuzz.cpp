// grub.cfg: an entry has a line of the file.
#include "audit/probes/kernel/grub_config.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const BootEntry& entry : parse_grub(text)) ASSERT(entry.line >= 1 && entry.line <= size + 1);
  return 0;
}
