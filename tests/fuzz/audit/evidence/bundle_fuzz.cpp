#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "audit/evidence/bundle.h"

// What can be read is written as it was, and nobody but the holder of the key makes what verifies.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace evidence = cloister::audit::evidence;
  static const evidence::PublicKey key = evidence::SigningKey::make().public_key();
  const auto bundle = evidence::parse_bundle({reinterpret_cast<const char*>(data), size});
  if (!bundle) return 0;
  if (const auto again = evidence::parse_bundle(evidence::json_text(*bundle)); !again || *again != *bundle)
    std::abort();
  if (evidence::verify(*bundle, key)) std::abort();
  return 0;
}
