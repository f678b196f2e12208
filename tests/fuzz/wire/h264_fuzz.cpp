// An H.264 payload.
#include <cstddef>
#include <cstdint>

#include "wire/h264.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  (void)cloister::wire::h264_start(std::as_bytes(std::span(data, size)));
  return 0;
}
