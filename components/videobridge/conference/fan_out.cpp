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
          .needed_by = packet.needed_by,
          .format = packet.format,
          .arrival = packet.arrival,
          .vp8 = packet.vp8,
          .vp9 = packet.vp9,
          .dependencies = packet.dependencies,
          .structure = packet.structure,
          .key_frame = packet.key_frame,
          .key_frames_known = packet.key_frames_known,
          .level = packet.level,
          .red_primary = packet.red_primary,
          .kept = packet.kept,
          .kept_count = packet.kept_count};
}

}  // namespace

FanOut::FanOut() {
  packets_.reserve(kUsualBatch);
  reports_.reserve(kUsualBatch);
  links_.reserve(kUsualBatch);
}

void FanOut::set_forwarding(Endpoint& receiver, const media::Source& source, bool forwards) {
  const std::size_t index = raw(source.id());
  if (index >= receivers_.size()) receivers_.resize(index + 1);
  if (forwards)
    receivers_[index].push_back(&receiver);
  else
    std::erase(receivers_[index], &receiver);
  if (served_.capacity() < receivers_[index].size()) served_.reserve(2 * receivers_[index].size());
}

void FanOut::forget(const Endpoint& receiver) {
  for (auto& receivers : receivers_) std::erase(receivers, &receiver);
}

void FanOut::add(const media::ParsedPacket& packet) { packets_.push_back(share(packet)); }

void FanOut::add(const media::Source& source, std::uint8_t encoding, const wire::SenderReport& report) {
  reports_.push_back({&source, encoding, report});
}

void FanOut::flush(Endpoint::Port& port, TimePoint now) {
  if (empty()) return;
  std::uint32_t item = 0;
  for (const media::ParsedPacket& packet : packets_) enqueue(*packet.source, item++);
  for (const PendingReport& report : reports_) enqueue(*report.source, item++);
  for (Endpoint* receiver : served_) {
    if (serve(*receiver, now) == Left::at_once) continue;
    port.on_touched(*receiver);
  }
  served_.clear();
  links_.clear();
  packets_.clear();
  reports_.clear();
}

void FanOut::enqueue(const media::Source& source, std::uint32_t item) {
  if (raw(source.id()) >= receivers_.size()) return;
  for (Endpoint* receiver : receivers_[raw(source.id())]) {
    FanOutQueue& queue = receiver->fan_out_queue();
    const auto link = static_cast<std::uint32_t>(links_.size());
    if (queue.first == FanOutQueue::kNone) {
      if (!receiver->is_secure()) continue;
      served_.push_back(receiver);
      queue.first = link;
    } else {
      links_[queue.last].next = link;
    }
    links_.push_back({item, FanOutQueue::kNone});
    queue.last = link;
  }
}

FanOut::Left FanOut::serve(Endpoint& receiver, TimePoint now) {
  Left left = Left::at_once;
  FanOutQueue& queue = receiver.fan_out_queue();
  for (std::uint32_t at = queue.first; at != FanOutQueue::kNone; at = links_[at].next) {
    const std::size_t item = links_[at].item;
    if (item < packets_.size()) {
      receiver.outgoing().forward(packets_[item], now);
      if (packets_[item].source->kind() == MediaKind::video) left = Left::with_a_trace;
      continue;
    }
    const PendingReport& report = reports_[item - packets_.size()];
    receiver.outgoing().on_sender_report(*report.source, report.encoding, report.report, now);
  }
  queue = {};
  return left;
}

}  // namespace cloister::videobridge::conference
