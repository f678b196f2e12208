// Versions: comparing is the same from both sides.
#include "audit/probes/software/deb_version.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const std::string_view one = text.substr(0, size / 2);
  const std::string_view other = text.substr(size / 2);
  ASSERT((compare_versions(one, other) < 0) == (compare_versions(other, one) > 0));
  ASSERT(compare_versions(one, one) == 0);
  return 0;
}
