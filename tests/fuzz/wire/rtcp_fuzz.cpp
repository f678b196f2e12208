// A compound of RTCP packets, each tried as every kind that we know.
#include <array>
#include <cstddef>
#include <cstdint>

#include "base/assert.h"
#include "wire/rtcp.h"
#include "wire/rtcp_feedback.h"

// Checklist: 221
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cloister;
  wire::RtcpReader packets(std::as_bytes(std::span(data, size)));
  while (const auto packet = packets.next()) {
    (void)wire::parse_sender_report(*packet);
    const wire::ReportBlocks blocks(*packet);
    for (std::size_t i = 0; i < blocks.size(); ++i) (void)blocks[i];
    std::size_t missing = 0;
    if (const auto nack = wire::parse_nack(*packet)) nack->for_each([&](std::uint16_t) { ++missing; });
    ASSERT(missing <= size * 17 / 4);
    if (const auto fir = wire::parse_fir(*packet)) fir->for_each([](Ssrc) {});
    (void)wire::parse_pli(*packet);
    (void)wire::parse_remb(*packet);
  }
  return 0;
}
