// Keyrings: a fingerprint is forty digits, or says that it is none.
#include "audit/probes/software/openpgp.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const std::string& each : parse_keyring(text).fingerprints)
    ASSERT(each.size() == 40 || each.starts_with("version ") || each == "unknown");
  return 0;
}
