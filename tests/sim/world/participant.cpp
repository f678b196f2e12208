#include "world/participant.h"

#include <boost/json.hpp>
#include <cstring>

#include "videobridge/conference/colibri/transport_description.h"
#include "wire/transport_cc.h"

namespace cloister::sim {
namespace {

using namespace videobridge::transport;

constexpr Duration kTick = 10ms;
constexpr Duration kFeedbackInterval = 50ms;
constexpr Duration kReportInterval = 1s;
constexpr Ssrc kReporter{1};

std::vector<Candidate> candidates(const SocketAddress& address) {
  return {
      {.address = address, .base = address, .priority = candidate_priority(CandidateType::host, 65535)}
  };
}

}  // namespace

Participant::Participant(support::Participant as, support::SeededNetwork& network, SimBridge& bridge,
                         const support::FakeClock& clock, const support::Link& link)
    : as_(std::move(as)),
      bridge_(bridge),
      clock_(clock),
      extensions_(support::extensions(as_.feedback)),
      network_(network),
      host_(network.add(as_.endpoint.expose(), pool_, *this, link)),
      outbox_(host_, 64, 64 * 1024),
      next_tick_(clock.now()),
      next_feedback_(clock.now()),
      next_report_(clock.now()) {}

Participant::~Participant() {
  if (web_socket_) bridge_.close(*web_socket_);
  network_.remove(host_);
}

std::optional<xmpp::jingle::Jingle> Participant::on_jingle(const xmpp::jingle::Jingle& message) {
  using xmpp::jingle::Action;
  switch (message.action) {
    case Action::session_initiate: return take_offer(message);
    case Action::session_terminate: end_session(); break;
    case Action::source_add: watch(sources_in(message)); break;
    case Action::source_remove:
      for (const auto& [owner, sources] : sources_in(message))
        watch({
            {owner, OtherSources{}}
        });
      break;
    default: break;
  }
  return std::nullopt;
}

xmpp::jingle::Jingle Participant::take_offer(const xmpp::jingle::Jingle& offer) {
  end_session();
  const xmpp::IceUdpTransport& bridge = transport_in(offer);
  Transport::Listener& listener = *this;
  transport_ = std::make_unique<Transport>(TransportSettings{.controlling = false,
                                                             .setup = Setup::active,
                                                             .data_channel = as_.data_channel,
                                                             .opens_channel = true},
                                           candidates(host_.address()), Certificate::generate(), outbox_,
                                           drops_, listener);
  RemoteDescription remote = videobridge::conference::to_remote(bridge);
  remote.setup = Setup::passive;  // it offered to be either, and we chose
  transport_->set_encrypted_extensions(encrypted_extensions_in(offer));
  transport_->set_remote(remote, clock_.now());
  if (!bridge.web_sockets.empty()) channel_url_ = bridge.web_sockets.front().expose();
  watch(sources_in(offer));
  outbox_.flush();
  return accept(offer, as_, transport_->local());
}

void Participant::end_session() {
  if (web_socket_) bridge_.close(*std::exchange(web_socket_, std::nullopt));
  outbox_.flush();
  transport_.reset();
  for (auto& [other, views] : views_) {
    views.video.begin_anew();
    views.audio.begin_anew();
  }
}

Participant::Views& Participant::views_of(const EndpointId& other) {
  return views_.try_emplace(other, Views{VideoView(clock_.now()), AudioView()}).first->second;
}

void Participant::watch(const std::map<EndpointId, OtherSources>& sources) {
  for (const auto& [owner, theirs] : sources) {
    Views& views = views_of(owner);
    views.video.watch(theirs.video, theirs.video_rtx);
    views.audio.listen_to(theirs.audio);
  }
}

void Participant::on_secure(TimePoint) {
  if (!web_socket_ && !channel_url_.empty() && !as_.data_channel)
    web_socket_ = bridge_.open(channel_url_, *this);
}

void Participant::speaks() {
  microphone_ =
      std::make_unique<Microphone>(as_.audio.value(), extensions_, transport_sequence_, clock_.now());
}

void Participant::shows_camera(const Camera::Rates& rates) {
  camera_ = std::make_unique<Camera>(as_.video, extensions_, transport_sequence_, clock_.now(), rates);
  camera_->limit_height(camera_limit_);
}

void Participant::asks_for_height(int height) {
  wanted_height_ = height;
  send_message(support::ask_for_height(height));
}

void Participant::send_message(std::string_view text) {
  if (as_.data_channel && transport_)
    transport_->send_channel_message(text);
  else if (web_socket_)
    bridge_.send(*web_socket_, text);
  outbox_.flush();
}

void Participant::on_text(std::string_view text) {
  messages_.emplace_back(text);
  const auto message = boost::json::parse(text);
  const auto& kind = message.at("colibriClass").as_string();
  if (kind == "ServerHello") asks_for_height(wanted_height_);
  if (kind != "SenderSourceConstraints") return;
  camera_limit_ = message.at("maxHeight").to_number<int>();
  if (camera_) camera_->limit_height(camera_limit_);
}

void Participant::on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) {
  for (net::Arrival& arrival : batch)
    transport_->on_datagram(std::move(arrival.packet), arrival.from, arrived);
  outbox_.flush();
}

void Participant::on_rtp(net::Packet packet, TimePoint arrived) {
  const auto header = wire::parse_rtp(packet.bytes());
  if (!header) return;
  wire::ExtensionReader elements(*header);
  while (const auto element = elements.next())
    if (element->id == extensions_.transport_cc && element->data.size() == 2)
      arrived_.emplace(get_u16(element->data, 0), arrived);
  if (header->payload_type != support::kOpus) return on_video(*header, arrived);
  for (auto& [id, views] : views_)
    if (views.audio.ssrc() == header->ssrc) return views.audio.on_packet(header->sequence, arrived);
  ++strays_;
}

void Participant::on_video(wire::RtpHeader header, TimePoint now) {
  for (auto& [id, views] : views_) {
    if (header.ssrc == views.video.media_ssrc()) return views.video.on_packet(header, now);
    if (header.ssrc != views.video.rtx_ssrc()) continue;
    if (header.payload.size() <= 2) return;  // a probe
    header.sequence = get_u16(header.payload, 0);
    header.payload = header.payload.subspan(2);
    return views.video.on_packet(header, now);
  }
  ++strays_;
}

void Participant::on_rtcp(MutableBytes compound, TimePoint) {
  if (!camera_) return;
  const auto send = [this](Bytes packet) { send_rtp(packet); };
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

void Participant::send_rtp(Bytes packet) {
  const MutableBytes room = transport_ ? transport_->reserve() : MutableBytes();
  if (room.empty()) return;
  std::memcpy(room.data(), packet.data(), packet.size());
  transport_->commit_rtp(packet.size());
}

template <class Write>
void Participant::send_rtcp(Write write) {
  const MutableBytes room = transport_ ? transport_->reserve() : MutableBytes();
  if (room.empty()) return;
  ByteWriter out{room.first(std::min<std::size_t>(room.size(), 1200))};
  write(out);
  if (out.ok() && out.size() > 0) transport_->commit_rtcp(out.size());
}

TimePoint Participant::next_wakeup() const {
  TimePoint next = next_tick_;
  if (transport_) next = std::min(next, transport_->next_wakeup().value_or(TimePoint::max()));
  if (camera_) next = std::min(next, camera_->next_frame());
  if (microphone_) next = std::min(next, microphone_->next_packet());
  return next;
}

void Participant::on_wakeup() {
  const TimePoint now = clock_.now();
  const auto send = [this](Bytes packet) { send_rtp(packet); };
  if (transport_ && transport_->next_wakeup() <= now) transport_->on_wakeup(now);
  if (microphone_ && microphone_->next_packet() <= now) microphone_->send_packet(send);
  if (camera_ && camera_->next_frame() <= now) camera_->send_frame(now, send);
  if (next_tick_ <= now) {
    next_tick_ = now + kTick;
    if (std::exchange(greets_, false)) send_message(R"({"colibriClass":"ClientHello"})");
    send_requests(now);
  }
  if (next_feedback_ <= now) {
    next_feedback_ = now + kFeedbackInterval;
    send_feedback();
  }
  if (next_report_ <= now) {
    next_report_ = now + kReportInterval;
    send_reports(now);
  }
  outbox_.flush();
}

void Participant::send_requests(TimePoint now) {
  for (auto& [id, views] : views_) {
    VideoView& video = views.video;
    if (const auto missing = video.missing(now); !missing.empty())
      send_rtcp([&](ByteWriter& out) { wire::write_nack(out, kReporter, video.media_ssrc(), missing); });
    if (video.wants_key_frame(now))
      send_rtcp([&](ByteWriter& out) { wire::write_pli(out, {kReporter, video.media_ssrc()}); });
  }
}

void Participant::send_feedback() {
  std::vector<wire::ArrivedPacket> arrived;
  for (const auto& [number, at] : std::exchange(arrived_, {})) {
    if (!arrived.empty() && number - arrived.front().sequence > 1000)
      break;  // around the wrap: the next report's
    arrived.push_back({number, at});
  }
  if (arrived.empty()) return;
  send_rtcp(
      [&](ByteWriter& out) { wire::write_transport_cc(out, kReporter, Ssrc{}, feedback_count_++, arrived); });
}

void Participant::send_reports(TimePoint now) {
  std::vector<wire::ReportBlock> blocks;
  for (const auto& [id, views] : views_) {
    if (const auto highest = views.video.highest_sequence())
      blocks.push_back({.ssrc = views.video.media_ssrc(), .highest_sequence = *highest});
    if (views.audio.packets() > 0)
      blocks.push_back({.ssrc = views.audio.ssrc(), .highest_sequence = views.audio.highest_sequence()});
  }
  blocks.resize(std::min(blocks.size(), wire::kMaxReportBlocks));
  send_rtcp([&](ByteWriter& out) {
    if (camera_) camera_->write_sender_reports(out, now);
    if (microphone_) microphone_->write_sender_report(out);
    if (!blocks.empty()) wire::write_receiver_report(out, kReporter, blocks);
  });
}

}  // namespace cloister::sim
