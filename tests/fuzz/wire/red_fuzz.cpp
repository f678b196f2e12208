// Redundant audio: the blocks lie inside the payload, in order, and one behind the other.
#include "base/assert.h"
#include "wire/red.h"

using namespace cloister;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes payload = std::as_bytes(std::span(data, size));
  const auto red = wire::parse_red(payload);
  if (!red) return 0;
  std::size_t behind = 1 + 4 * red->count;
  for (const wire::RedBlock& block : red->redundant()) {
    ASSERT(block.data.empty() || block.data.data() == payload.data() + behind);
    behind += block.data.size();
  }
  ASSERT(behind + red->primary.data.size() == size);
  return 0;
}
