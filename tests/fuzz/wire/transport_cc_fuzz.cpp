// The body of a transport-wide feedback message.
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "wire/transport_cc.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  const wire::RtcpPacket packet{.type = wire::RtcpType::transport_feedback,
                                .count = wire::kFormatTransportCc,
                                .body = std::as_bytes(std::span(data, size))};
  const auto feedback = wire::parse_transport_cc(packet);
  if (!feedback) return 0;
  std::size_t packets = 0;
  feedback->for_each([&](const wire::TransportCc::Packet&) { ++packets; });
  ASSERT(packets == feedback->packets);
  return 0;
}
