// Any bytes as a DCEP message; the texts it names must lie inside.
#include "base/assert.h"
#include "videobridge/transport/channel/dcep.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  const auto message = videobridge::transport::parse_dcep(std::as_bytes(std::span(data, size)));
  if (message) ASSERT(message->label.size() + message->protocol.size() <= size);
  return 0;
}
