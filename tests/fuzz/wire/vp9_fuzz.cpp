// A VP9 payload; what is patched into its descriptor must be read again.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "wire/picture_numbers.h"
#include "wire/vp9.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  const Bytes payload = std::as_bytes(std::span(data, size));
  const auto vp9 = wire::parse_vp9(payload);
  if (!vp9) return 0;
  std::vector<std::byte> copy(payload.begin(), payload.end());
  wire::patch_picture(copy, {.picture_id = 0x1234,
                             .tl0_picture_index = 0x56,
                             .picture_id_at = vp9->picture_id_at,
                             .tl0_picture_index_at = vp9->tl0_picture_index_at});
  const auto patched = wire::parse_vp9(copy);
  ASSERT(patched.has_value() && patched->size == vp9->size);
  ASSERT(!vp9->picture_id || patched->picture_id == 0x1234);
  ASSERT(!vp9->tl0_picture_index || patched->tl0_picture_index == 0x56);
  return 0;
}
