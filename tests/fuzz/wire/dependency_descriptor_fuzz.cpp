// A stream's dependency descriptors, each behind its length in one byte; what is written of one must be read
// as the same frame.
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "wire/dependency_descriptor.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  ByteReader in(std::as_bytes(std::span(data, size)));
  wire::DependencyStructure sent;
  wire::DependencyStructure received;
  while (in.left() > 1) {
    const std::size_t length = in.u8();
    const Bytes original = in.take(std::min(length, in.left()));
    const auto descriptor = wire::parse_dependency_descriptor(original, sent);
    if (!descriptor) continue;
    std::array<std::byte, 300> room{};
    const wire::DependencyNumbers numbers{
        .frame_number = 0x1234, .template_shift = 5, .target_count = sent.target_count, .active_targets = 1};
    const std::size_t written = wire::write_dependency_descriptor(room, original, numbers);
    if (written == 0) continue;
    const auto again = wire::parse_dependency_descriptor(std::span(room).first(written), received);
    if (received.target_count != sent.target_count) continue;  // a structure was lost on the way
    ASSERT(again.has_value() && again->frame_number == 0x1234);
    ASSERT(!again->frame || again->active_targets == 1U);
    if (again->frame && descriptor->has_structure)
      ASSERT(again->frame->indications == descriptor->frame->indications);
  }
  return 0;
}
