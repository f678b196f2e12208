// Units: a key has neither blanks around it nor an equals sign inside.
#include "audit/probes/software/unit_files.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const UnitLine& line : parse_unit(text)) ASSERT(line.key.find('=') == std::string::npos);
  return 0;
}
