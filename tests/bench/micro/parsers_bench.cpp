// What one packet costs in the parsers.
#include <benchmark/benchmark.h>

#include "support/call/colibri_requests.h"
#include "support/call/vp8_stream.h"
#include "wire/demux.h"
#include "wire/rtcp_feedback.h"
#include "wire/stun.h"
#include "wire/transport_cc.h"
#include "wire/vp8.h"

namespace {

using namespace cloister;

std::vector<std::byte> video_packet() {
  support::TransportSequence transport;
  support::Vp8Stream stream(Ssrc{7}, support::kVp8, 1280, 720, support::extensions(support::TransportCc::yes),
                            transport);
  std::vector<std::byte> out;
  stream.write({.key = true}, [&out](Bytes packet) { out.assign(packet.begin(), packet.end()); });
  return out;
}

void classify(benchmark::State& state) {
  const auto packet = video_packet();
  for (auto _ : state) benchmark::DoNotOptimize(wire::classify(packet));
}
BENCHMARK(classify);

void rtp_header_and_extensions(benchmark::State& state) {
  const auto packet = video_packet();
  for (auto _ : state) {
    const auto header = wire::parse_rtp(packet);
    wire::ExtensionReader elements(*header);
    while (const auto element = elements.next()) benchmark::DoNotOptimize(element->id);
  }
}
BENCHMARK(rtp_header_and_extensions);

void vp8_descriptor(benchmark::State& state) {
  const auto packet = video_packet();
  const auto header = wire::parse_rtp(packet);
  for (auto _ : state) benchmark::DoNotOptimize(wire::parse_vp8(header->payload));
}
BENCHMARK(vp8_descriptor);

void transport_feedback_of_50(benchmark::State& state) {
  std::vector<wire::ArrivedPacket> arrived;
  for (std::uint16_t i = 0; i < 50; ++i) arrived.push_back({i, TimePoint(1s) + i * 2ms});
  std::array<std::byte, 1200> memory{};
  for (auto _ : state) {
    ByteWriter out{memory};
    wire::write_transport_cc(out, Ssrc{1}, Ssrc{2}, 0, arrived);
    wire::RtcpReader packets(out.written());
    const auto feedback = wire::parse_transport_cc(*packets.next());
    feedback->for_each(
        [](const wire::TransportCc::Packet& packet) { benchmark::DoNotOptimize(packet.sequence); });
  }
}
BENCHMARK(transport_feedback_of_50);

void stun_check_and_answer(benchmark::State& state) {
  const wire::HmacSha1 key(as_bytes("a password of 24 letters"));
  std::array<std::byte, 512> request{};
  const std::size_t length = wire::StunWriter(request, wire::StunClass::request, {})
                                 .username("abcd", "efgh")
                                 .priority(1)
                                 .controlled(2)
                                 .finish(key);
  std::array<std::byte, 512> answer{};
  for (auto _ : state) {
    const auto message = wire::parse_stun(std::span(request).first(length));
    if (!wire::has_integrity(*message, key)) state.SkipWithError("not authentic");
    benchmark::DoNotOptimize(wire::StunWriter(answer, wire::StunClass::success, message->id)
                                 .mapped_address(SocketAddress::v4({192, 0, 2, 1}, 4000))
                                 .finish(key));
  }
}
BENCHMARK(stun_check_and_answer);

}  // namespace
