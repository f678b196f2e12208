#include "videobridge/conference/fan_out.h"

namespace cloister::videobridge::conference {
namespace {

// A batch of datagrams brings at most this many packets; retransmissions that fill gaps may add some.
constexpr std::size_t kUsualBatch = 128;

media::ParsedPacket share(const media::ParsedPacket& packet) {
  return {.packet = packet.packet.share(),
          .header = packet.header,
          .source = packet.source,
          .layer = packet.layer,
          .format = packet.format,
          .arrival = packet.arrival,
          .vp8 = packet.vp8,
          .key_frame = packet.key_frame,
          .key_frames_known = packet.key_frames_known,
          .level = packet.level,
          .kept = packet.kept,
          .kept_count = packet.kept_count};
}

}  // namespace

FanOut::FanOut() {
  packets_.reserve(kUsualBatch);
  reports_.reserve(kUsualBatch);
}

void FanOut::add(Endpoint& sender, const media::ParsedPacket& packet) {
  packets_.push_back({&sender, share(packet)});
}

void FanOut::add(Endpoint& sender, const media::Source& source, std::uint8_t encoding,
                 const wire::SenderReport& report) {
  reports_.push_back({&sender, &source, encoding, report});
}

void FanOut::flush(std::span<const std::unique_ptr<Endpoint>> receivers, Endpoint::Port& port,
                   TimePoint now) {
  if (empty()) return;
  for (const std::unique_ptr<Endpoint>& receiver : receivers) {
    if (!receiver->is_secure()) continue;
    serve(*receiver, now);
    port.on_touched(*receiver);
  }
  packets_.clear();
  reports_.clear();
}

void FanOut::serve(Endpoint& receiver, TimePoint now) {
  for (const PendingPacket& pending : packets_) {
    if (pending.sender != &receiver) receiver.outgoing().forward(pending.packet, now);
  }
  for (const PendingReport& pending : reports_) {
    if (pending.sender == &receiver) continue;
    receiver.outgoing().on_sender_report(*pending.source, pending.encoding, pending.report, now);
  }
}

}  // namespace cloister::videobridge::conference
