#include "videobridge/conference/endpoint.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/random.h"

namespace cloister::videobridge::conference {
namespace {

// entity-expiration.timeout, ep-connection-status.*, and what §12 says of those that never came.
constexpr Duration kInactiveEnd = 60s;
constexpr Duration kNeverConnectedEnd = 2min;
constexpr Duration kFailedEnd = 30s;
constexpr Duration kSilent = 8s;
constexpr Duration kFirstTransfer = 15s;
constexpr Duration kChannelExpected = 30s;
// connection-stats.interval
constexpr Duration kConnectionStats = 10s;

constexpr std::size_t kPasswordLength = 24;
// cc.bwe-change-threshold
constexpr std::int64_t kEstimateStep = 15;  // percent

std::vector<SourceName> names_of(std::span<const media::SourceId> ids, const SourceTable& sources) {
  std::vector<SourceName> names;
  for (const media::SourceId id : ids) {
    if (const media::Source* source = sources.find(id).source) names.push_back(source->name());
  }
  return names;
}

void add_difference(const media::DropCounts& now, media::DropCounts& before, Counters& counters) {
  for (std::size_t i = 0; i < media::kDropReasons; ++i) {
    const auto reason = static_cast<media::Drop>(i);
    if (now[reason] != before[reason]) counters.media_drops[i].add(now[reason] - before[reason]);
  }
  before = now;
}

}  // namespace

Endpoint::Endpoint(const EndpointConfig& config, media::SourceIds& source_ids,
                   const ShardEnvironment& environment, Port& port, TimePoint now)
    : Member(config.id, config.number),
      config_(config),
      environment_(environment),
      port_(port),
      created_(now),
      password_(random_token(kPasswordLength)),
      now_(now),
      transport_(*this,
                 transport::TransportSettings{.controlling = config.ice_controlling,
                                              .setup = transport::Setup::actpass,
                                              .data_channel = config.data_channel},
                 transport::candidates_for(environment.candidates, config.capabilities.private_addresses),
                 environment.certificates.current(now), environment.outbox, environment.transport_drops,
                 *this),
      channel_(transport_, environment.web_sockets, environment.settings.channel, environment.counters),
      incoming_({.local_ssrc = config.feedback_ssrc, .discard_silence = true}, config_.id, source_ids, *this),
      outgoing_({.ssrc_rewriting = config.capabilities.ssrc_rewriting,
                 .mid_demux = config.capabilities.rtp_mid_demux,
                 .equal_sizes = environment.settings.equal_sizes},
                *this, *this) {
  environment_.peers.add(transport_);
}

Endpoint::~Endpoint() {
  environment_.peers.remove(transport_);
  channel_.close();
  collect_drops();
}

std::optional<transport::LocalDescription> Endpoint::restart_ice(TimePoint now) {
  auto local = transport_.restart_ice(now);
  environment_.peers.update(transport_);
  return local;
}

void Endpoint::add_media(std::span<const xmpp::colibri2::Media> media) {
  for (const xmpp::colibri2::Media& entry : media) negotiated_.add(entry);
  transport_.set_encrypted_extensions(negotiated_.encrypted_extensions);
  incoming_.set_payload_types(negotiated_.payloads);
  incoming_.set_extensions(negotiated_.extensions);
  incoming_.set_discard_silence(!negotiated_.constant_bitrate_audio);
  outgoing_.set_payload_types(negotiated_.payloads);
  outgoing_.set_extensions(negotiated_.extensions);
}

void Endpoint::force_mute(const xmpp::colibri2::ForceMute& mute) {
  incoming_.force_mute(MediaKind::audio, mute.audio);
  incoming_.force_mute(MediaKind::video, mute.video);
}

media::SourceChange Endpoint::set_sources(std::span<const media::SourceDescription> descriptions) {
  media::SourceChange change = incoming_.set_sources(descriptions);
  video_types_.apply(change.added);
  return change;
}

bool Endpoint::set_video_type(const SourceName& name, media::VideoType type) {
  return video_types_.set(incoming_.find_source(name), name, type);
}

void Endpoint::list_sources(std::vector<media::Source*>& to) const {
  for (const auto& source : incoming_.sources()) to.push_back(source.get());
}

bool Endpoint::ask_for_key_frame(const media::Source& source, std::uint8_t encoding, TimePoint now) {
  if (!incoming_.request_key_frame(source, encoding, now)) return false;
  touch();
  return true;
}

void Endpoint::limit_height(const media::Source& source, int max_height) {
  send(write_sender_source_constraints(source.name(), max_height));
}

// With SSRC rewriting nothing is mapped until there is a channel that can tell of it: a packet that outruns
// its map stays with the wrong participant for good.
void Endpoint::offer(media::Source& source, TimePoint now) {
  if (config_.capabilities.ssrc_rewriting && !channel_.is_open()) return;
  const bool wanted = wants(source);
  if (wanted) {
    outgoing_.add_source(source, now);
  } else {
    outgoing_.remove_source(source);
  }
  // Video waits for its target.
  if (!wanted || source.kind() == MediaKind::audio) set_forwards(source, wanted);
}

void Endpoint::set_forwards(const media::Source& source, bool forwards) {
  const std::size_t index = raw(source.id());
  const bool before = index < forwards_.size() && forwards_[index];
  if (before == forwards) return;
  if (index >= forwards_.size()) forwards_.resize(index + 1);
  forwards_[index] = forwards;
  port_.on_forwarding(*this, source, forwards);
}

void Endpoint::withdraw(const media::Source& source) {
  set_forwards(source, false);
  outgoing_.remove_source(source);
  if (std::erase(forwarded_, source.id()) > 0) forwarded_changed_ = true;
}

bool Endpoint::wants(const media::Source& source) const {
  if (source.kind() == MediaKind::video) return negotiated_.accepts_video;
  return negotiated_.accepts_audio && audio_.wants(source.name());
}

// §7.1: what cannot be retransmitted is not limited; and with transport feedback the receiver's own estimate
// does not count.
std::int64_t Endpoint::bandwidth(TimePoint now) {
  if (const auto assumed = environment_.settings.bandwidth)
    return settings_.assumed_bandwidth < 0 ? *assumed : std::min(settings_.assumed_bandwidth, *assumed);
  if (!negotiated_.has_rtx) return bandwidth::kInfiniteBandwidth;
  if (!negotiated_.has_transport_cc) return remb_.value_or(bandwidth::kInfiniteBandwidth);
  if (const auto budget = outgoing_.video_budget(now)) by_feedback_.refresh(*budget, now);
  return by_feedback_.value().value_or(bandwidth::kInfiniteBandwidth);
}

std::optional<std::int64_t> Endpoint::estimate() const {
  if (environment_.settings.bandwidth) return environment_.settings.bandwidth;
  if (!negotiated_.has_rtx) return std::nullopt;
  return negotiated_.has_transport_cc ? outgoing_.estimate() : remb_;
}

void Endpoint::apply(const bandwidth::Allocation& allocation, const SourceTable& sources, TimePoint now) {
  oversending_ = allocation.oversending;
  suspended_ = std::ranges::any_of(allocation.sources, &bandwidth::SourceAllocation::suspended);
  std::vector<media::SourceId> forwarded;
  std::vector<const media::Source*> spare;
  watched_.clear();
  slots_.clear();
  const bool has_all = allocation.target_bitrate >= allocation.ideal_bitrate;
  outgoing_.set_wanted(has_all ? 0 : allocation.ideal_bitrate);
  for (const bandwidth::SourceAllocation& entry : allocation.sources) {
    media::Source* source = sources.find(entry.source->id).source;
    if (!source) continue;
    outgoing_.set_target(*source, media::Layer::from_index(entry.target));
    set_forwards(*source, entry.target >= 0);
    if (entry.target >= 0) forwarded.push_back(entry.source->id);
    if (source->video_type() == media::VideoType::none) continue;
    const bool wanted = !entry.effective.is_none();
    (wanted ? slots_ : spare).push_back(source);
    if (wanted) watched_.push_back(entry.source->owner);
  }
  slots_.insert(slots_.end(), spare.begin(), spare.end());
  if (config_.capabilities.ssrc_rewriting && channel_.is_open()) outgoing_.set_video_slots(slots_, now);
  std::ranges::sort(watched_);
  std::ranges::sort(forwarded);
  if (forwarded != forwarded_) forwarded_changed_ = true;
  if (!std::exchange(forwarded_changed_, false)) return;
  forwarded_ = std::move(forwarded);
  forwarded_names_ = names_of(forwarded_, sources);
  send_forwarded();
}

bool Endpoint::watches(std::uint32_t participant) const {
  return std::ranges::binary_search(watched_, participant);
}

void Endpoint::open_web_socket(WebSocketHandle handle, TimePoint now) {
  channel_.on_web_socket_open(handle);
  port_.on_channel_open(*this, now);
}

void Endpoint::send(std::string message) {
  channel_.send(std::move(message));
  port_.on_touched(*this);
}

void Endpoint::send_forwarded() { send(write_forwarded_sources(forwarded_names_)); }

void Endpoint::send_what_is_forwarded() {
  send_forwarded();
  if (!config_.capabilities.ssrc_rewriting) return;
  send_map(MediaKind::video, outgoing_.mappings(MediaKind::video));
  send_map(MediaKind::audio, outgoing_.mappings(MediaKind::audio));
}

void Endpoint::send_map(MediaKind kind, std::span<const media::SlotMapping> slots) {
  std::vector<MappedSource> mapped;
  mapped.reserve(slots.size());
  for (const media::SlotMapping& slot : slots) {
    mapped.push_back({.source = slot.source->name(),
                      .owner = slot.source->owner(),
                      .ssrc = slot.ssrc,
                      .rtx = slot.rtx,
                      .video_type = slot.source->video_type(),
                      .mid = slot.mid});
  }
  send(write_sources_map(kind, mapped));
}

void Endpoint::on_slots_changed(MediaKind kind, std::span<const media::SlotMapping> changed) {
  if (maps_ == Maps::told) send_map(kind, changed);
}

void Endpoint::receive(MessageChannel::Kind kind, std::string_view text, TimePoint now) {
  now_ = now;
  auto& drops = environment_.counters.message_drops;
  if (!channel_.on_received(kind, text.size(), now)) return drops.add(MessageDrop::too_many);
  auto message = parse_message(text);
  if (message) return port_.on_message(*this, std::move(*message), now);
  drops.add(message.error() == MessageError::unknown_class ? MessageDrop::unknown : MessageDrop::malformed);
}

bool Endpoint::is_expired(TimePoint now) const {
  if (failed_since_ && now - *failed_since_ > kFailedEnd) return true;
  if (!ever_heard()) return now - created_ > kNeverConnectedEnd;
  return now - transport_.last_activity() > kInactiveEnd;
}

bool Endpoint::is_silent(TimePoint now) const {
  if (!ever_heard()) return now - created_ > kFirstTransfer;
  return now - transport_.last_activity() > kSilent;
}

void Endpoint::check_channel(TimePoint now) {
  if (channel_checked_ || !secure_since_ || now - *secure_since_ < kChannelExpected) return;
  channel_checked_ = true;
  if (!channel_.is_open()) environment_.counters.num_eps_no_msg_transport_after_delay.add();
}

void Endpoint::tell_bandwidth(TimePoint now) {
  const auto known = estimate();
  if (!known || now - bandwidth_told_ < kConnectionStats) return;
  bandwidth_told_ = now;
  send(write_connection_stats(*known));
}

void Endpoint::collect_drops() {
  add_difference(incoming_.drops(), collected_in_, environment_.counters);
  add_difference(outgoing_.drops(), collected_out_, environment_.counters);
  collect_totals();
}

std::optional<TimePoint> Endpoint::next_wakeup() const {
  return earlier(transport_.next_wakeup(), earlier(incoming_.next_wakeup(), outgoing_.next_wakeup()));
}

void Endpoint::on_due(TimePoint now) {
  now_ = now;
  const auto is_due = [now](std::optional<TimePoint> due) { return due && *due <= now; };
  if (is_due(transport_.next_wakeup())) transport_.on_wakeup(now);
  if (is_due(incoming_.next_wakeup())) incoming_.on_wakeup(now, *this);
  if (is_due(outgoing_.next_wakeup())) outgoing_.on_wakeup(now);
  port_.on_touched(*this);
}

void Endpoint::on_rtp(net::Packet packet, TimePoint arrived) {
  now_ = arrived;
  environment_.counters.packets_received.add();
  environment_.counters.bytes_received.add(packet.size());
  incoming_.on_rtp(std::move(packet), arrived, *this);
}

void Endpoint::on_rtcp(MutableBytes compound, TimePoint arrived) {
  now_ = arrived;
  environment_.counters.packets_received.add();
  environment_.counters.bytes_received.add(compound.size());
  incoming_.on_rtcp(compound, arrived, *this);
}

void Endpoint::on_secure(TimePoint now) {
  failed_since_.reset();
  if (secure_since_) return;
  secure_since_ = now;
  if (const auto rtt = transport_.rtt()) outgoing_.assume_rtt(*rtt);
  environment_.counters.ice_succeeded.add();
  port_.on_wishes_changed(*this);
}

void Endpoint::on_channel_open(TimePoint now) {
  channel_.on_data_channel_open();
  port_.on_channel_open(*this, now);
}

void Endpoint::on_channel_message(std::string_view message, TimePoint now) {
  receive(MessageChannel::Kind::data_channel, message, now);
}

// Another one may come; until then messages go by the WebSocket or are lost.
void Endpoint::on_channel_closed(TimePoint) {}

void Endpoint::on_transport_failed(transport::TransportFailure reason, TimePoint now) {
  using transport::TransportFailure;
  switch (reason) {
    case TransportFailure::ice_timed_out: environment_.counters.ice_failed.add(); break;
    case TransportFailure::dtls_failed: environment_.counters.dtls_failed_endpoints.add(); break;
    case TransportFailure::dtls_closed: break;
    case TransportFailure::consent_expired: return;  // it may come back; otherwise inactivity ends it
  }
  if (!failed_since_) failed_since_ = now;
}

void Endpoint::commit_rtp(std::size_t length) {
  count_sent(length);
  transport_.commit_rtp(length);
}

void Endpoint::commit_rtcp(std::size_t length) {
  count_sent(length);
  transport_.commit_rtcp(length);
}

void Endpoint::count_sent(std::size_t length) {
  environment_.counters.packets_sent.add();
  environment_.counters.bytes_sent.add(length);
}

void Endpoint::on_audio_level(media::Source&, media::AudioLevel level, TimePoint now) {
  last_audio_ = now;
  port_.on_audio_level(*this, level.below_full, now);
}

bool Endpoint::is_heard(const media::Source& source, std::optional<media::AudioLevel> level, TimePoint now) {
  const auto below_full = level ? std::optional(level->below_full) : std::nullopt;
  return port_.is_heard(*this, source, below_full, now);
}

void Endpoint::on_layers_changed(media::Source&) {
  environment_.counters.layering_changes_received.add();
  port_.on_layers_changed();
}

void Endpoint::on_sender_report(media::Source& source, std::uint8_t encoding,
                                const wire::SenderReport& report) {
  port_.on_sender_report(*this, source, encoding, report);
}

void Endpoint::on_key_frame_request(Ssrc media) {
  environment_.counters.key_frame_requests_received.add();
  outgoing_.on_key_frame_request(media, now_);
}

void Endpoint::on_transport_cc(const wire::TransportCc& feedback) {
  outgoing_.on_transport_cc(feedback, now_);
  const auto budget = outgoing_.video_budget(now_);
  if (trusts_feedback() && budget && by_feedback_.on_estimate(*budget, now_)) port_.on_wishes_changed(*this);
}

void Endpoint::on_remb(const wire::Remb& remb) {
  if (negotiated_.has_transport_cc && !std::exchange(spurious_remb_, true))
    environment_.counters.endpoints_with_spurious_remb.add();
  constexpr std::uint64_t kMost = 1'000'000'000'000;
  const auto estimate = static_cast<std::int64_t>(std::min(remb.bitrate, kMost));
  if (remb_ && std::abs(estimate - *remb_) * 100 <= *remb_ * kEstimateStep) return;
  remb_ = estimate;
  port_.on_wishes_changed(*this);
}

}  // namespace cloister::videobridge::conference
