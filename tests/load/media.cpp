#include "load/media.h"

#include <algorithm>
#include <cstring>

#include "wire/rtcp_feedback.h"

namespace cloister::load {
namespace {

using namespace videobridge::transport;

constexpr Duration kRequestInterval = 10ms;
constexpr Duration kFeedbackInterval = 50ms;
constexpr Duration kReportInterval = 1s;
// One socket's: some frames of a full room.
constexpr int kReceiveBuffer = 1024 * 1024;
constexpr std::size_t kMaxRtcp = 1200;

std::vector<Candidate> candidates(const SocketAddress& address) {
  return {
      {.address = address, .base = address, .priority = candidate_priority(CandidateType::host, 65535)}
  };
}

// −dBov of a voice: syllables in phrases, and pauses in which others are louder.
std::uint8_t voice_at(TimePoint now, Ssrc whose) {
  constexpr auto kTurn = 5s;
  constexpr auto kPhrase = 2s;
  constexpr auto kBeat = 240ms;
  constexpr auto kSyllable = 160ms;
  const Duration at =
      now.time_since_epoch() + std::chrono::milliseconds(static_cast<std::uint32_t>(whose) % 5000);
  if (at % kTurn >= kPhrase) return 75;
  return at % kBeat < kSyllable ? 20 : 40;
}

}  // namespace

Result<std::unique_ptr<Media>, SystemError> Media::make(const Ground& ground, MediaSettings settings,
                                                        Listener& listener) {
  const net::UdpPortSettings sockets{
      .addresses = {ground.ip.with_port(0)}, .receive_buffer = kReceiveBuffer, .kernel_times = true};
  auto port = net::UdpPort::open(ground.reactor, ground.pool, sockets);
  if (!port) return fail(port.error());
  return std::unique_ptr<Media>(new Media(ground, std::move(*port), std::move(settings), listener));
}

Media::Media(const Ground& ground, std::unique_ptr<net::UdpPort> port, MediaSettings settings,
             Listener& listener)
    : settings_(std::move(settings)),
      listener_(listener),
      port_(std::move(port)),
      outbox_(*port_, 64, 64 * 1024),
      transport_({.controlling = false,
                  .setup = Setup::active,
                  .data_channel = settings_.data_channel,
                  .opens_channel = settings_.data_channel},
                 candidates(port_->local_addresses().front()), ground.certificate, outbox_, drops_, *this) {
  reporter_ = settings_.audio.value_or(settings_.video.empty() ? Ssrc{1} : settings_.video.front().ssrc);
  transport_.set_encrypted_extensions(settings_.encrypted_extensions);
  port_->start(*this);
}

Media::~Media() { outbox_.flush(); }

void Media::set_remote(const RemoteDescription& remote, TimePoint now) {
  transport_.set_remote(remote, now);
  outbox_.flush();
}

bool Media::send_channel_message(std::string_view text) {
  const bool sent = transport_.send_channel_message(text);
  outbox_.flush();
  return sent;
}

void Media::limit_height(int height) {
  height_limit_ = height;
  if (camera_) camera_->limit_height(height);
}

void Media::on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) {
  for (net::Arrival& arrival : batch) {
    came_ = arrival.came;
    transport_.on_datagram(std::move(arrival.packet), arrival.from, arrived);
  }
  outbox_.flush();
}

void Media::on_secure(TimePoint now) {
  if (settings_.audio && !microphone_)
    microphone_.emplace(*settings_.audio, settings_.extensions, transport_sequence_, now);
  if (!settings_.video.empty() && !camera_) {
    camera_.emplace(settings_.video, settings_.extensions, transport_sequence_, now);
    camera_->limit_height(height_limit_);
  }
  listener_.on_media_connected();
}

void Media::on_rtp(net::Packet packet, TimePoint arrived) {
  const auto header = wire::parse_rtp(packet.bytes());
  if (!header) return;
  wire::ExtensionReader elements(*header);
  while (const auto element = elements.next())
    if (element->id == settings_.extensions.transport_cc && element->data.size() == 2)
      arrived_.push_back({get_u16(element->data, 0), came_});  // as browsers report it
  reception_.on_rtp(*header, came_, arrived);
}

void Media::on_rtcp(MutableBytes compound, TimePoint) {
  if (!camera_) return;
  const auto send = [this](Bytes packet) { send_media(packet); };
  wire::RtcpReader packets(compound);
  while (const auto packet = packets.next()) {
    if (const auto pli = wire::parse_pli(*packet); wire::is_pli(*packet) && pli)
      camera_->request_key_frame(pli->media);
    if (const auto fir = wire::parse_fir(*packet); wire::is_fir(*packet) && fir)
      fir->for_each([this](Ssrc media) { camera_->request_key_frame(media); });
    if (const auto nack = wire::parse_nack(*packet); wire::is_nack(*packet) && nack)
      camera_->on_nack(*nack, send);
  }
}

// Each packet for itself, as browsers do it: the bridge must not live on trains of ours.
void Media::send_media(Bytes packet) {
  const MutableBytes room = transport_.reserve();
  if (room.empty()) return;
  std::memcpy(room.data(), packet.data(), packet.size());
  const auto payload_type = static_cast<std::uint8_t>(std::to_integer<unsigned>(packet[1]) & 0x7fU);
  if (payload_type != support::kVp8Rtx) write_mark(room.first(packet.size()), SteadyClock().now());
  transport_.commit_rtp(packet.size());
  outbox_.flush();
}

template <class Write>
void Media::send_rtcp(Write write) {
  const MutableBytes room = transport_.reserve();
  if (room.empty()) return;
  ByteWriter out{room.first(std::min(room.size(), kMaxRtcp))};
  write(out);
  if (out.ok() && out.size() > 0) transport_.commit_rtcp(out.size());
}

void Media::tick(TimePoint now) {
  const auto send = [this](Bytes packet) { send_media(packet); };
  if (const auto due = transport_.next_wakeup(); due && *due <= now) transport_.on_wakeup(now);
  while (microphone_ && microphone_->next_packet() <= now) {
    microphone_->set_level(voice_at(microphone_->next_packet(), *settings_.audio));
    microphone_->send_packet(send);
  }
  while (camera_ && camera_->next_frame() <= now) camera_->send_frame(now, send);
  if (next_requests_ <= now) {
    next_requests_ = now + kRequestInterval;
    send_requests(now);
  }
  if (next_feedback_ <= now) {
    next_feedback_ = now + kFeedbackInterval;
    send_feedback(now);
  }
  if (next_reports_ <= now) {
    next_reports_ = now + kReportInterval;
    send_reports(now);
  }
  outbox_.flush();
}

void Media::send_requests(TimePoint now) {
  reception_.for_each_video([&](sim::VideoView& video) {
    if (const auto missing = video.missing(now); !missing.empty())
      send_rtcp([&](ByteWriter& out) { wire::write_nack(out, reporter_, video.media_ssrc(), missing); });
    if (video.wants_key_frame(now))
      send_rtcp([&](ByteWriter& out) { wire::write_pli(out, {reporter_, video.media_ssrc()}); });
  });
}

// A report covers numbers that rise (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1), in as many
// messages as it takes.
void Media::send_feedback(TimePoint) {
  std::ranges::sort(arrived_, [](const auto& a, const auto& b) { return is_newer(b.sequence, a.sequence); });
  const auto same = [](const auto& a, const auto& b) { return a.sequence == b.sequence; };
  arrived_.erase(std::unique(arrived_.begin(), arrived_.end(), same), arrived_.end());
  std::span<const wire::ArrivedPacket> left = arrived_;
  while (!left.empty()) {
    std::size_t covered = 0;
    send_rtcp([&](ByteWriter& out) {
      covered = wire::write_transport_cc(out, reporter_, Ssrc{}, feedback_count_++, left);
    });
    if (covered == 0) break;
    left = left.subspan(covered);
  }
  arrived_.clear();
}

void Media::send_reports(TimePoint now) {
  std::vector<wire::ReportBlock> blocks;
  reception_.for_each_stream([&blocks](Ssrc ssrc, std::uint32_t highest) {
    if (blocks.size() < wire::kMaxReportBlocks) blocks.push_back({.ssrc = ssrc, .highest_sequence = highest});
  });
  send_rtcp([&](ByteWriter& out) {
    if (camera_) camera_->write_sender_reports(out, now);
    if (microphone_) microphone_->write_sender_report(out);
    if (!blocks.empty()) wire::write_receiver_report(out, reporter_, blocks);
  });
}

}  // namespace cloister::load
