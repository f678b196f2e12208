#include "simulation.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>

#include "support/allocations.h"
#include "videobridge/conference/colibri/transport_description.h"
#include "wire/header_extension.h"
#include "wire/rtcp_feedback.h"

namespace cloister::videobridge::conference {
namespace {

constexpr Duration kStep = 5ms;
constexpr std::uint8_t kOpus = 111;
constexpr std::uint8_t kVp8 = 100;
constexpr std::uint8_t kVp8Rtx = 96;
constexpr std::uint8_t kMidExtension = 10;
constexpr support::Extensions kExtensions{.audio_level = 1, .transport_cc = 5};

SocketAddress bridge_address() { return SocketAddress::v4({192, 0, 2, 1}, 10000); }
SocketAddress participant_address(std::uint8_t number) {
  return SocketAddress::v4({198, 51, 100, number}, 5000);
}

std::vector<transport::Candidate> host_candidate(const SocketAddress& address) {
  transport::Candidate candidate;
  candidate.address = address;
  candidate.base = address;
  candidate.priority = transport::candidate_priority(transport::CandidateType::host, 65535);
  return {candidate};
}

const std::shared_ptr<const transport::Certificate>& participants_certificate() {
  static const auto certificate = transport::Certificate::generate();
  return certificate;
}

xmpp::PayloadType payload_type(std::uint8_t id, const char* name, std::uint32_t clock) {
  xmpp::PayloadType type;
  type.id = id;
  type.name = name;
  type.clockrate = clock;
  return type;
}

const char* level_uri(Levels levels) {
  if (levels == Levels::plain) return "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
  return "urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level";
}

support::Extensions extensions(Levels levels) {
  support::Extensions out = kExtensions;
  if (levels == Levels::none) out.audio_level = 0;
  return out;
}

xmpp::colibri2::Media audio_media(const JoinOptions& options) {
  xmpp::colibri2::Media media;
  media.kind = MediaKind::audio;
  media.payload_types = {payload_type(kOpus, "opus", 48000)};
  if (options.constant_bitrate) media.payload_types.front().parameters.push_back({"cbr", "1"});
  media.header_extensions = {
      {kMidExtension, "urn:ietf:params:rtp-hdrext:sdes:mid"}
  };
  if (options.levels != Levels::none)
    media.header_extensions.push_back({kExtensions.audio_level, level_uri(options.levels)});
  return media;
}

xmpp::colibri2::Media video_media() {
  xmpp::colibri2::Media media;
  media.kind = MediaKind::video;
  xmpp::PayloadType vp8 = payload_type(kVp8, "VP8", 90000);
  vp8.feedback = {
      {"nack",         ""   },
      {"nack",         "pli"},
      {"ccm",          "fir"},
      {"transport-cc", ""   }
  };
  xmpp::PayloadType rtx = payload_type(kVp8Rtx, "rtx", 90000);
  rtx.parameters = {
      {"apt", "100"}
  };
  media.payload_types = {vp8, rtx};
  media.header_extensions = {
      {kExtensions.transport_cc, "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"},
      {kMidExtension,            "urn:ietf:params:rtp-hdrext:sdes:mid"                                      }
  };
  return media;
}

}  // namespace

std::size_t allocations_so_far() { return test::allocations; }

Participant::Participant(Simulation& simulation, const std::string& id, std::uint8_t number,
                         JoinOptions options)
    : simulation_(simulation),
      id_(id),
      number_(number),
      options_(std::move(options)),
      address_(participant_address(number)),
      outbox_(simulation.uplinks_.emplace_back([&] {
        Simulation::Uplink uplink;
        uplink.simulation = &simulation;
        uplink.participant = participant_address(number);
        return uplink;
      }())),
      transport_({.controlling = false,
                  .setup = transport::Setup::active,
                  .data_channel = options_.data_channel,
                  .opens_channel = true},
                 host_candidate(address_), participants_certificate(), outbox_, drops_, *this),
      audio_(audio_ssrc(), kOpus, extensions(options_.levels), sequence_) {
  if (options_.levels == Levels::encrypted)
    transport_.set_encrypted_extensions(transport::ExtensionIds().set(kExtensions.audio_level));
  for (std::size_t i = 0; i < std::size(kEncodings); ++i) {
    const std::uint16_t height = kEncodings[i].height;
    video_.emplace_back(video_ssrc(i), kVp8, static_cast<std::uint16_t>(height * 16 / 9), height, kExtensions,
                        sequence_);
    wants_key_.push_back(true);
  }
}

xmpp::colibri2::Endpoint Participant::colibri_create() const {
  xmpp::colibri2::Endpoint endpoint;
  endpoint.id = EndpointId(id_);
  endpoint.create = true;
  endpoint.capabilities = {"source-names"};
  if (options_.ssrc_rewriting) endpoint.capabilities.emplace_back("ssrc-rewriting");
  if (options_.mid_demux) endpoint.capabilities.emplace_back("rtp-mid-demux");
  endpoint.muc_role = options_.role;
  endpoint.media = {audio_media(options_), video_media()};
  endpoint.transport.emplace().ice_controlling = true;
  if (options_.data_channel) endpoint.transport->sctp.emplace();
  endpoint.initial_last_n = options_.initial_last_n;
  return endpoint;
}

std::vector<xmpp::colibri2::MediaSource> Participant::sources() const {
  xmpp::colibri2::MediaSource audio{
      .kind = MediaKind::audio, .id = SourceName(audio_name()), .sources = {}, .groups = {}};
  audio.sources.emplace_back().ssrc = audio_ssrc();
  xmpp::colibri2::MediaSource video{
      .kind = MediaKind::video, .id = SourceName(video_name()), .sources = {}, .groups = {}};
  xmpp::SourceGroup simulcast{.semantics = "SIM", .ssrcs = {}};
  for (std::size_t i = 0; i < std::size(kEncodings); ++i) {
    video.sources.emplace_back().ssrc = video_ssrc(i);
    simulcast.ssrcs.push_back(video_ssrc(i));
    video.groups.push_back({
        .semantics = "FID", .ssrcs = {video_ssrc(i), Ssrc{raw(video_ssrc(i)) + 50}}
    });
  }
  video.groups.push_back(simulcast);
  std::vector<xmpp::colibri2::MediaSource> all;
  if (options_.sends_audio) all.push_back(audio);
  if (options_.sends_video) all.push_back(video);
  return all;
}

void Participant::connect(const xmpp::colibri2::Transport& bridge) {
  transport::RemoteDescription remote = to_remote(*bridge.ice);
  remote.setup = transport::Setup::passive;
  transport_.set_remote(remote, simulation_.now);
}

xmpp::colibri2::Endpoint Participant::colibri_accept() const {
  xmpp::colibri2::Endpoint endpoint;
  endpoint.id = EndpointId(id_);
  endpoint.transport.emplace().ice = to_signalling(transport_.local(), "");
  if (options_.role != "visitor") endpoint.sources = sources();
  return endpoint;
}

xmpp::colibri2::Endpoint Participant::restart_ice(const xmpp::colibri2::Transport& bridge) {
  const auto local = transport_.restart_ice(simulation_.now);
  transport_.set_remote(to_remote(*bridge.ice), simulation_.now);
  outbox_.flush();
  xmpp::colibri2::Endpoint endpoint;
  endpoint.id = EndpointId(id_);
  endpoint.transport.emplace().ice = to_signalling(*local, "");
  return endpoint;
}

void Participant::want(int height, const std::string& more) {
  send_message(R"({"colibriClass":"ReceiverVideoConstraints","defaultConstraints":{"maxHeight":)" +
               std::to_string(height) + "}" + more + "}");
}

void Participant::send_control(const std::function<void(ByteWriter& out)>& write) {
  ByteWriter out(transport_.reserve());
  write(out);
  transport_.commit_rtcp(out.size());
  outbox_.flush();
}

void Participant::send_pli(Ssrc media) {
  ByteWriter out(transport_.reserve());
  wire::write_pli(out, {.sender = audio_ssrc(), .media = media});
  transport_.commit_rtcp(out.size());
  outbox_.flush();
}

void Participant::send_sender_report(Ssrc ssrc) {
  ByteWriter out(transport_.reserve());
  wire::write_sender_report(
      out, {.ssrc = ssrc, .ntp = 77, .rtp_timestamp = audio_time_, .packets = 9, .octets = 9});
  transport_.commit_rtcp(out.size());
  outbox_.flush();
}

void Participant::send_audio_packet(Ssrc ssrc, std::optional<std::uint8_t> level) {
  support::RtpStream other(ssrc, kOpus, kExtensions, sequence_);
  support::RtpStream& stream = ssrc == audio_ssrc() ? audio_ : other;
  ByteWriter out(transport_.reserve().first(100));
  stream.write_header(out, {.timestamp = audio_time_, .marker = false, .level = level});
  out.zeros(60);
  transport_.commit_rtp(out.size());
  audio_time_ += 960;
}

void Participant::send_frame() {
  for (std::size_t i = 0; i < video_.size(); ++i) {
    const support::Vp8Frame frame{.timestamp = video_time_,
                                  .key = wants_key_[i],
                                  .packets = 2,
                                  .packet_bytes = kEncodings[i].packet_bytes};
    wants_key_[i] = false;
    video_[i].write(frame, [&](Bytes bytes) {
      std::ranges::copy(bytes, transport_.reserve().begin());
      transport_.commit_rtp(bytes.size());
    });
  }
  video_time_ += 3000;
}

void Participant::step(TimePoint now) {
  now_ = now;
  if (vanished_) return;
  if (const auto due = transport_.next_wakeup(); due && *due <= now) transport_.on_wakeup(now);
  if (transport_.is_secure()) {
    if (options_.sends_audio && level_ && now >= next_audio_) {
      send_audio_packet(audio_ssrc(), level_);
      next_audio_ = now + 20ms;
    }
    if (options_.sends_video && !video_paused_ && now >= next_frame_) {
      send_frame();
      next_frame_ = now + 33ms;
    }
  }
  outbox_.flush();
}

void Participant::on_datagram(net::Packet packet, TimePoint now) {
  now_ = now;
  if (!vanished_) transport_.on_datagram(std::move(packet), net::Path(bridge_address()), now);
}

void Participant::on_rtp(net::Packet packet, TimePoint arrived) {
  const auto header = wire::parse_rtp(packet.bytes());
  ASSERT_TRUE(header);
  ReceivedPacket received{.ssrc = header->ssrc,
                          .payload_type = header->payload_type,
                          .sequence = header->sequence,
                          .timestamp = header->timestamp,
                          .payload_bytes = header->payload.size(),
                          .extensions = {},
                          .level = std::nullopt,
                          .mid = "",
                          .at = arrived};
  wire::ExtensionReader extensions(*header);
  while (const auto element = extensions.next()) {
    received.extensions.push_back(element->id);
    if (element->id == kMidExtension) received.mid = as_text(element->data);
    if (element->id == kExtensions.audio_level) received.level = get_u8(element->data, 0) & 0x7fU;
  }
  packets.push_back(std::move(received));
}

void Participant::on_rtcp(MutableBytes compound, TimePoint) {
  wire::RtcpReader reader(compound);
  while (const auto packet = reader.next()) {
    control.push_back(std::to_string(static_cast<int>(packet->type)) + "/" + std::to_string(packet->count));
    if (wire::is_pli(*packet)) {
      const Ssrc media = wire::parse_pli(*packet)->media;
      key_frame_requests.push_back(media);
      for (std::size_t i = 0; i < video_.size(); ++i) {
        if (video_[i].ssrc() == media) wants_key_[i] = true;
      }
    }
    if (packet->type == wire::RtcpType::sender_report)
      sender_reports.push_back(*wire::parse_sender_report(*packet));
  }
}

void Participant::on_channel_message(std::string_view message, TimePoint now) {
  const boost::json::value value = boost::json::parse({message.data(), message.size()});
  const boost::json::object& object = value.get_object();
  messages.push_back(object);
  const boost::json::value* mapped = object.if_contains("mappedSources");
  if (!mapped) return;
  for (const boost::json::value& entry : mapped->get_array()) {
    const Ssrc ssrc{entry.at("ssrc").to_number<std::uint32_t>()};
    mapping_[std::string(entry.at("source").as_string())] = ssrc;
    told_at.emplace(ssrc, now);
  }
}

void Participant::clear() {
  packets.clear();
  messages.clear();
  key_frame_requests.clear();
  sender_reports.clear();
}

std::size_t Participant::count(Ssrc ssrc) const {
  return static_cast<std::size_t>(std::ranges::count(packets, ssrc, &ReceivedPacket::ssrc));
}

std::vector<int> Participant::heights(Ssrc ssrc) const {
  std::vector<int> out;
  for (const ReceivedPacket& packet : packets) {
    if (packet.ssrc != ssrc || packet.payload_type != kVp8) continue;
    // Header and extensions take some of the packet's size.
    for (const Encoding& encoding : kEncodings) {
      const bool fits =
          packet.payload_bytes <= encoding.packet_bytes && packet.payload_bytes + 40 > encoding.packet_bytes;
      if (fits && std::ranges::find(out, encoding.height) == out.end()) out.push_back(encoding.height);
    }
  }
  return out;
}

std::vector<boost::json::object> Participant::messages_of(std::string_view colibri_class) const {
  std::vector<boost::json::object> out;
  std::ranges::copy_if(messages, std::back_inserter(out), [&](const boost::json::object& message) {
    return std::string_view(message.at("colibriClass").as_string()) == colibri_class;
  });
  return out;
}

std::optional<Ssrc> Participant::find_in(const std::map<std::string, Ssrc>& map, const std::string& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

Simulation::Simulation(ConferenceSettings conference_settings)
    : settings(std::move(conference_settings)),
      outbox_(bridge_uplink_),
      peers_(transport_drops),
      candidates_(host_candidate(bridge_address())),
      environment_{.outbox = outbox_,
                   .peers = peers_,
                   .transport_drops = transport_drops,
                   .certificates = certificates_,
                   .candidates = candidates_,
                   .settings = settings,
                   .web_sockets = *this,
                   .counters = counters} {
  bridge_uplink_.simulation = this;
  table = std::make_unique<ConferenceTable>(environment_);
}

Simulation::~Simulation() { table.reset(); }

Participant& Simulation::join(const std::string& id, JoinOptions options) {
  return *join_all({id}, options).front();
}

std::vector<Participant*> Simulation::join_all(const std::vector<std::string>& ids, JoinOptions options) {
  std::vector<Participant*> joined;
  for (const std::string& id : ids) {
    const auto number = static_cast<std::uint8_t>(participants_.size() + 1);
    participants_.push_back(std::make_unique<Participant>(*this, id, number, options));
    joined.push_back(participants_.back().get());
    const auto created = modify(joined.back()->colibri_create());
    if (!created) throw std::logic_error(created.error().text);
    joined.back()->connect(*created->endpoints.at(0).transport);
    if (!modify(joined.back()->colibri_accept())) throw std::logic_error("the accept was refused");
  }
  const auto ready = [&] { return std::ranges::all_of(joined, &Participant::is_ready); };
  for (const TimePoint deadline = now + 5s; !ready() && now < deadline;) step();
  if (!ready()) throw std::logic_error("participants did not get ready");
  run_for(300ms);
  return joined;
}

Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError> Simulation::modify(
    xmpp::colibri2::ConferenceModify request) {
  auto answer = table->modify(request, now);
  outbox_.flush();
  return answer;
}

Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError> Simulation::modify(
    xmpp::colibri2::Endpoint endpoint) {
  xmpp::colibri2::ConferenceModify request;
  request.meeting_id = meeting;
  request.create = conference() == nullptr;
  request.endpoints.push_back(std::move(endpoint));
  return modify(std::move(request));
}

void Simulation::expire(const std::string& id) {
  xmpp::colibri2::Endpoint endpoint;
  endpoint.id = EndpointId(id);
  endpoint.expire = true;
  EXPECT_TRUE(modify(std::move(endpoint)));
}

void Simulation::run_for(Duration time) {
  for (const TimePoint end = now + time; now < end;) step();
}

// What was sent in one step arrives in the next.
void Simulation::step() {
  now += kStep;
  const std::deque<Flight> up = std::exchange(to_bridge_, {});
  const std::deque<Flight> down = std::exchange(from_bridge_, {});
  batch_.clear();
  for (const Flight& flight : up) batch_.push_back({packet_of(flight), net::Path(flight.peer)});
  const std::size_t before = test::allocations;
  for (net::Arrival& arrival : batch_) table->on_datagram(std::move(arrival.packet), arrival.from, now);
  table->on_batch_end(now);
  batch_allocations += test::allocations - before;
  if (const auto due = table->next_wakeup(); due && *due <= now) table->on_wakeup(now);
  outbox_.flush();
  for (const Flight& flight : down) {
    for (const auto& participant : participants_) {
      if (participant->address() == flight.peer) participant->on_datagram(packet_of(flight), now);
    }
  }
  for (const auto& participant : participants_) participant->step(now);
}

net::Packet Simulation::packet_of(const Flight& flight) {
  net::Packet packet = pool.acquire();
  packet.resize(flight.bytes.size());
  std::ranges::copy(flight.bytes, packet.bytes().begin());
  return packet;
}

void Simulation::Uplink::send(std::span<const net::Datagram> batch) {
  for (const net::Datagram& datagram : batch) {
    Flight flight{
        .bytes = {datagram.bytes.begin(), datagram.bytes.end()},
        .peer = participant.value_or(datagram.to.remote)
    };
    if (participant) {
      simulation->to_bridge_.push_back(std::move(flight));
    } else {
      simulation->sent_to.push_back(datagram.to.remote);
      simulation->from_bridge_.push_back(std::move(flight));
    }
  }
}

void Simulation::send_web_socket_text(WebSocketHandle handle, std::string text) {
  web_socket_events.push_back({.handle = handle, .text = std::move(text), .code = 0});
}

void Simulation::close_web_socket(WebSocketHandle handle, std::uint16_t code) {
  web_socket_events.push_back({.handle = handle, .text = "", .code = code});
}

}  // namespace cloister::videobridge::conference
