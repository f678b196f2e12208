#include "forward/bridge_participant.h"

#include <cstring>

#include "videobridge/conference/colibri/transport_description.h"
#include "wire/rtcp_feedback.h"

namespace cloister::bench {
namespace {

using namespace videobridge::transport;

constexpr Duration kReportInterval = 1s;
constexpr Duration kFeedbackInterval = 100ms;
constexpr Ssrc kReporter{77};

std::shared_ptr<const Certificate> certificate() {
  static const auto one = Certificate::generate();
  return one;
}

std::vector<Candidate> candidates(const SocketAddress& address) {
  return {
      {.address = address, .base = address, .priority = candidate_priority(CandidateType::host, 65535)}
  };
}

}  // namespace

BridgeParticipant::BridgeParticipant(Load& load, const support::Participant& as)
    : LoadParticipant(load),
      extensions_(support::extensions(as.feedback)),
      outbox_(port(), 16, 64 * 1024),
      transport_({.controlling = false, .setup = Setup::active, .data_channel = false}, candidates(address()),
                 certificate(), outbox_, drops_, *this) {
  arrived_.reserve(1024);
  if (!as.video.empty())
    video_.emplace(as.video.front().ssrc, support::kVp8, 1280, 720, extensions_, transport_sequence_);
}

void BridgeParticipant::set_bridge(const xmpp::IceUdpTransport& bridge) {
  RemoteDescription remote = videobridge::conference::to_remote(bridge);
  remote.setup = Setup::passive;  // it offered to be either, and we chose
  set_remote(remote);
}

void BridgeParticipant::set_remote(const RemoteDescription& remote) {
  transport_.set_remote(remote, SteadyClock().now());
  outbox_.flush();
}

void BridgeParticipant::on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) {
  for (net::Arrival& arrival : batch) {
    came_ = arrival.came;
    transport_.on_datagram(std::move(arrival.packet), arrival.from, arrived);
  }
  outbox_.flush();
}

void BridgeParticipant::send_frame(TimePoint now) {
  timestamp_ += 90000 / Scene::kFramesPerSecond;
  support::Vp8Frame frame{.timestamp = timestamp_,
                          .key = std::exchange(key_frame_wanted_, false),
                          .packets = Scene::kPacketsPerFrame,
                          .packet_bytes = Scene::kPacketBytes};
  if (uneven_) {
    const std::size_t bytes = 4000 + 1237 * frames_++ % 3000;
    frame.packets = (bytes + Scene::kPacketBytes - 1) / Scene::kPacketBytes;
    frame.packet_bytes = bytes / frame.packets;
    frame.longer = bytes % frame.packets;
  }
  video_->write(frame, [this, now](Bytes packet) {
    const MutableBytes room = transport_.reserve();
    if (room.empty()) return;
    std::memcpy(room.data(), packet.data(), packet.size());
    load::write_mark(room.first(packet.size()), now);
    transport_.commit_rtp(packet.size());
    outbox_.flush();
    sent_.add();
  });
}

void BridgeParticipant::tick(TimePoint now) {
  if (const auto due = transport_.next_wakeup(); due && *due <= now) transport_.on_wakeup(now);
  if (watched_ != Ssrc{} && now >= next_report_) {
    next_report_ = now + kReportInterval;
    send_receiver_report();
  }
  if (!arrived_.empty() && now >= next_feedback_) {
    next_feedback_ = now + kFeedbackInterval;
    send_transport_feedback();
  }
  outbox_.flush();
}

void BridgeParticipant::on_secure(TimePoint) {}

void BridgeParticipant::on_rtp(net::Packet packet, TimePoint arrived) {
  const auto header = wire::parse_rtp(packet.bytes());
  if (!header || header->payload.size() < Scene::kPacketBytes / 2) return;  // not what is measured
  on_media(header->payload, came_, arrived);
  watched_ = header->ssrc;
  highest_sequence_ = header->sequence;
  if (extensions_.transport_cc == 0) return;
  wire::ExtensionReader elements(*header);
  while (const auto element = elements.next())
    if (element->id == extensions_.transport_cc && element->data.size() == 2)
      arrived_.push_back({get_u16(element->data, 0), arrived});
}

void BridgeParticipant::on_rtcp(MutableBytes compound, TimePoint) {
  wire::RtcpReader packets(compound);
  while (const auto packet = packets.next())
    if (wire::is_pli(*packet) || wire::is_fir(*packet)) key_frame_wanted_ = true;
}

void BridgeParticipant::send_rtcp(const std::function<void(ByteWriter&)>& write) {
  const MutableBytes room = transport_.reserve();
  if (room.empty()) return;
  ByteWriter out{room};
  write(out);
  if (out.ok()) transport_.commit_rtcp(out.size());
}

void BridgeParticipant::send_receiver_report() {
  const wire::ReportBlock block{.ssrc = watched_, .highest_sequence = highest_sequence_};
  send_rtcp([&block](ByteWriter& out) { wire::write_receiver_report(out, kReporter, {&block, 1}); });
}

void BridgeParticipant::send_transport_feedback() {
  send_rtcp([this](ByteWriter& out) {
    wire::write_transport_cc(out, kReporter, watched_, feedback_count_++, arrived_);
  });
  arrived_.clear();
}

}  // namespace cloister::bench
