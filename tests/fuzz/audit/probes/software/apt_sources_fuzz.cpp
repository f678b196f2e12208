// Sources of packages in both forms: each can be written down.
#include "audit/probes/software/apt_sources.h"
#include "base/assert.h"

using namespace cloister::audit::probes;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const auto& sources : {parse_source_list("/f", text), parse_sources("/f", text)})
    for (const AptSource& source : sources) ASSERT(text_of(source).starts_with(source.uri));
  return 0;
}
