#include "videobridge/transport/transport.h"

#include <utility>

#include "videobridge/transport/channel/data_channel.h"
#include "videobridge/transport/dtls/dtls_session.h"
#include "videobridge/transport/srtp/srtp.h"

namespace cloister::videobridge::transport {
namespace {

constexpr std::size_t kMaxEarlyMedia = 64;  // packets before the keys

// RFC 7983 §7, by the first byte.
enum class Kind : std::uint8_t { stun, dtls, media, unknown };
Kind kind_of(Bytes datagram) {
  if (datagram.empty()) return Kind::unknown;
  const std::uint8_t first = get_u8(datagram, 0);
  if (first <= 3) return Kind::stun;
  if (first >= 20 && first <= 63) return Kind::dtls;
  return first >= 128 && first <= 191 ? Kind::media : Kind::unknown;
}

// RFC 5761 §4: RTCP packet types 192 to 223, where RTP has its marker and payload types 64 to 95, which
// nobody uses.
bool is_rtcp(Bytes datagram) {
  return datagram.size() >= 2 && get_u8(datagram, 1) >= 192 && get_u8(datagram, 1) <= 223;
}

Drop drop_reason(SrtpError error) {
  switch (error) {
    case SrtpError::unauthentic: return Drop::srtp_unauthentic;
    case SrtpError::replayed: return Drop::srtp_replayed;
    case SrtpError::too_many_ssrcs: return Drop::srtp_too_many_ssrcs;
    case SrtpError::malformed:
    case SrtpError::no_room: break;
  }
  return Drop::srtp_malformed;
}

// RFC 8842 §5.1. Nothing while the two sides leave it open.
std::optional<DtlsRole> role_of(Setup ours, Setup theirs) {
  if (theirs == Setup::active) return ours == Setup::active ? std::nullopt : std::optional(DtlsRole::server);
  if (theirs == Setup::passive)
    return ours == Setup::passive ? std::nullopt : std::optional(DtlsRole::client);
  if (ours == Setup::actpass) return std::nullopt;
  return ours == Setup::active ? DtlsRole::client : DtlsRole::server;
}

LocalDescription describe(const TransportSettings& settings, std::vector<Candidate> candidates,
                          const Certificate& certificate) {
  LocalDescription out;
  out.candidates = std::move(candidates);
  out.fingerprint = certificate.fingerprint();
  out.setup = settings.setup;
  if (settings.data_channel) out.sctp_port = SctpAssociation::kPort;
  return out;
}

}  // namespace

class Transport::Impl final : DtlsSession::Port, DataChannel::Port {
public:
  Impl(const TransportSettings& settings, std::vector<Candidate> candidates,
       std::shared_ptr<const Certificate> certificate, net::Outbox& outbox, Drops& drops, Listener& listener)
      : settings_(settings),
        outbox_(outbox),
        drops_(drops),
        listener_(listener),
        ice_(settings.controlling, describe(settings, std::move(candidates), *certificate), outbox, drops),
        dtls_(std::move(certificate), *this, drops) {}

  const IceGenerations& ice() const { return ice_; }
  TimePoint last_activity() const { return last_activity_; }
  bool is_secure() const { return srtp_ && ice_.selected(); }
  bool is_channel_open() const { return channel_ && channel_->is_open(); }

  void set_remote(const RemoteDescription& remote, TimePoint now) {
    ice_.set_remote(remote, now);
    if (fingerprints_.empty()) fingerprints_ = remote.fingerprints;
    if (!role_ && remote.setup) role_ = role_of(settings_.setup, *remote.setup);
    advance(now);
  }

  std::optional<LocalDescription> restart_ice(TimePoint now) {
    using Ice = IceAgent::State;
    using Dtls = DtlsSession::State;
    if (dtls_.state() == Dtls::failed || dtls_.state() == Dtls::closed || ice_.state() == Ice::failed)
      return std::nullopt;
    if (ice_.state() == Ice::idle || ice_.state() == Ice::checking) return ice_.local();
    return ice_.restart(now);
  }

  void set_encrypted_extensions(const ExtensionIds& ids) {
    encrypted_extensions_ = ids;
    if (srtp_) srtp_->set_encrypted_extensions(ids);
  }

  bool on_datagram(net::Packet packet, const net::Path& from, TimePoint now) {
    switch (kind_of(packet.bytes())) {
      case Kind::media: on_media(std::move(packet), from, now); return false;
      case Kind::stun: {
        const auto proof = ice_.on_stun(packet.bytes(), from, now);
        if (proof != IceAgent::Proof::none) last_activity_ = now;
        advance(now);
        return proof != IceAgent::Proof::none;
      }
      case Kind::dtls:
        dtls_.on_datagram(packet.bytes(), now);
        advance(now);
        return false;
      case Kind::unknown: drops_.add(Drop::empty_or_unknown); return false;
    }
    return false;
  }

  MutableBytes reserve() {
    reserved_ = is_secure() ? outbox_.reserve() : MutableBytes();
    return reserved_.empty() ? reserved_ : reserved_.first(reserved_.size() - Srtp::kMaxOverhead);
  }
  void commit_rtp(std::size_t length) { commit<&Srtp::protect_rtp>(length); }
  void commit_rtcp(std::size_t length) { commit<&Srtp::protect_rtcp>(length); }

  bool send_channel_message(std::string_view text) { return channel_ && channel_->send(text); }

  std::optional<TimePoint> next_wakeup() const {
    const auto out = earlier(ice_.next_wakeup(), dtls_.next_wakeup());
    return channel_ ? earlier(out, channel_->next_wakeup()) : out;
  }

  void on_wakeup(TimePoint now) {
    ice_.on_wakeup(now);
    dtls_.on_wakeup(now);
    if (channel_) channel_->on_wakeup(now);
    advance(now);
  }

private:
  // Media's way in; on_rtp and on_rtcp go on in media/.
  void on_media(net::Packet packet, const net::Path& from, TimePoint now) {
    if (!srtp_) {
      if (early_media_.size() == kMaxEarlyMedia) return drops_.add(Drop::early_media_full);
      early_media_.emplace_back(std::move(packet), from);
      return;
    }
    const bool rtcp = is_rtcp(packet.bytes());
    const auto length = rtcp ? srtp_->unprotect_rtcp(packet.bytes()) : srtp_->unprotect_rtp(packet.bytes());
    if (!length) return drops_.add(drop_reason(length.error()));
    last_activity_ = now;
    ice_.on_media(from, now);
    packet.resize(*length);
    if (rtcp)
      listener_.on_rtcp(packet.bytes(), now);
    else
      listener_.on_rtp(std::move(packet), now);
  }

  template <auto kProtect>
  void commit(std::size_t length) {
    const MutableBytes space = std::exchange(reserved_, {});
    if (space.empty() || !is_secure()) return drops_.add(Drop::not_selected);
    const auto sealed = ((*srtp_).*kProtect)(space, length);
    if (!sealed) return drops_.add(drop_reason(sealed.error()));
    outbox_.commit(*sealed, *ice_.selected());
  }

  // What one layer's news means for the next.
  void advance(TimePoint now) {
    if (dtls_.state() == DtlsSession::State::waiting && ice_.selected() && role_ && !fingerprints_.empty())
      dtls_.start(*role_, fingerprints_, now);
    if (dtls_.state() == DtlsSession::State::connected && !srtp_) become_secure(now);
    if (srtp_ && !settings_.data_channel) dtls_.release_engine();
    report_failures(now);
  }

  void become_secure(TimePoint now) {
    srtp_.emplace(*dtls_.take_keys());
    srtp_->set_encrypted_extensions(encrypted_extensions_);
    listener_.on_secure(now);
    start_channel(now);
    for (auto& [packet, from] : std::exchange(early_media_, {})) on_media(std::move(packet), from, now);
  }

  void start_channel(TimePoint now) {
    if (!settings_.data_channel || channel_) return;
    const auto opener = settings_.opens_channel ? DataChannel::Opener::us : DataChannel::Opener::peer;
    DataChannel::Port& port = *this;
    channel_.emplace(opener, port, drops_);
    channel_->on_wakeup(now);
  }

  void report_failures(TimePoint now) {
    if (const auto state = ice_.state(); state != std::exchange(ice_state_, state)) {
      if (state == IceAgent::State::failed)
        listener_.on_transport_failed(TransportFailure::ice_timed_out, now);
      if (state == IceAgent::State::lost)
        listener_.on_transport_failed(TransportFailure::consent_expired, now);
    }
    if (const auto state = dtls_.state(); state != std::exchange(dtls_state_, state)) {
      if (state != DtlsSession::State::connected && channel_) close_channel(now);
      if (state == DtlsSession::State::failed)
        listener_.on_transport_failed(TransportFailure::dtls_failed, now);
      if (state == DtlsSession::State::closed)
        listener_.on_transport_failed(TransportFailure::dtls_closed, now);
    }
  }

  void close_channel(TimePoint now) {
    const bool was_open = channel_->is_open();
    channel_.reset();
    if (was_open) listener_.on_channel_closed(now);
  }

  // DtlsSession::Port
  void send_dtls(Bytes datagram) override {
    if (!ice_.selected()) return drops_.add(Drop::not_selected);
    outbox_.send(datagram, *ice_.selected());
  }
  void on_application_data(Bytes data, TimePoint now) override {
    last_activity_ = now;
    if (!srtp_) become_secure(now);  // the peer's last handshake message and its first data came together
    if (!channel_) return drops_.add(Drop::dtls_malformed);
    channel_->on_packet(data, now);
  }

  // DataChannel::Port
  void send_sctp(Bytes packet) override { dtls_.send_application_data(packet); }
  void on_channel_open(TimePoint now) override { listener_.on_channel_open(now); }
  void on_channel_message(std::string_view text, TimePoint now) override {
    listener_.on_channel_message(text, now);
  }
  void on_channel_closed(TimePoint now) override { listener_.on_channel_closed(now); }

  const TransportSettings settings_;
  net::Outbox& outbox_;
  Drops& drops_;
  Listener& listener_;

  IceGenerations ice_;
  DtlsSession dtls_;
  std::optional<DtlsRole> role_;
  std::vector<Fingerprint> fingerprints_;
  std::optional<Srtp> srtp_;
  ExtensionIds encrypted_extensions_;
  std::optional<DataChannel> channel_;

  std::vector<std::pair<net::Packet, net::Path>> early_media_;
  MutableBytes reserved_;
  TimePoint last_activity_{};
  IceAgent::State ice_state_ = IceAgent::State::idle;
  DtlsSession::State dtls_state_ = DtlsSession::State::waiting;
};

Transport::Transport(const TransportSettings& settings, std::vector<Candidate> candidates,
                     std::shared_ptr<const Certificate> certificate, net::Outbox& outbox, Drops& drops,
                     Listener& listener)
    : impl_(std::make_unique<Impl>(settings, std::move(candidates), std::move(certificate), outbox, drops,
                                   listener)) {}

Transport::~Transport() = default;

const LocalDescription& Transport::local() const { return impl_->ice().local(); }
void Transport::set_remote(const RemoteDescription& remote, TimePoint now) { impl_->set_remote(remote, now); }
std::optional<LocalDescription> Transport::restart_ice(TimePoint now) { return impl_->restart_ice(now); }
std::vector<IceGenerations::Identity> Transport::identities() const { return impl_->ice().identities(); }
void Transport::set_encrypted_extensions(const ExtensionIds& ids) { impl_->set_encrypted_extensions(ids); }
bool Transport::on_datagram(net::Packet packet, const net::Path& from, TimePoint now) {
  return impl_->on_datagram(std::move(packet), from, now);
}
MutableBytes Transport::reserve() { return impl_->reserve(); }
void Transport::commit_rtp(std::size_t length) { impl_->commit_rtp(length); }
void Transport::commit_rtcp(std::size_t length) { impl_->commit_rtcp(length); }
bool Transport::send_channel_message(std::string_view text) { return impl_->send_channel_message(text); }
bool Transport::is_channel_open() const { return impl_->is_channel_open(); }
std::optional<TimePoint> Transport::next_wakeup() const { return impl_->next_wakeup(); }
void Transport::on_wakeup(TimePoint now) { impl_->on_wakeup(now); }
bool Transport::is_secure() const { return impl_->is_secure(); }
TimePoint Transport::last_activity() const { return impl_->last_activity(); }
std::optional<Duration> Transport::rtt() const { return impl_->ice().rtt(); }
std::optional<net::Path> Transport::selected_path() const { return impl_->ice().selected(); }

}  // namespace cloister::videobridge::transport
