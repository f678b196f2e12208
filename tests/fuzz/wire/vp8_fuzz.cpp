// A VP8 payload; what is patched into its descriptor must be read again.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "wire/picture_numbers.h"
#include "wire/vp8.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  const Bytes payload = std::as_bytes(std::span(data, size));
  const auto descriptor = wire::parse_vp8(payload);
  if (!descriptor) return 0;
  (void)wire::vp8_dimensions(*descriptor, payload);
  std::vector<std::byte> copy(payload.begin(), payload.end());
  wire::patch_picture(copy, {.picture_id = 0x1234,
                             .tl0_picture_index = 0x56,
                             .picture_id_at = descriptor->picture_id_at,
                             .tl0_picture_index_at = descriptor->tl0_picture_index_at});
  const auto patched = wire::parse_vp8(copy);
  ASSERT(patched.has_value() && patched->size == descriptor->size);
  ASSERT(!descriptor->picture_id || patched->picture_id == 0x1234);
  ASSERT(!descriptor->tl0_picture_index || patched->tl0_picture_index == 0x56);
  return 0;
}
