#include "videobridge/app/bridge.h"

#include <systemd/sd-daemon.h>

#include <algorithm>

#include "base/log.h"
#include "base/random.h"
#include "videobridge/app/media_addresses.h"

namespace cloister::videobridge::app {
namespace {

constexpr Duration kRefreshInterval = 5s;
// What the brewery presence, the statistics and disco say of us.
const xmpp::About& about() {
  static const xmpp::About value{
      .disco = {.identities = {{.category = "client", .type = "bot", .name = "cloister-bridge"}},
                .features = {"http://jitsi.org/protocol/healthcheck", "urn:xmpp:jingle:apps:dtls:0",
                             "urn:xmpp:jingle:transports:ice-udp:1", "jabber:iq:version"}                      },
      .version = { .name = "cloister-bridge",                                                     .version = CLOISTER_VERSION, .os = "Linux"}
  };
  return value;
}

shard::ShardSettings shard_settings(const Settings& settings, const std::vector<SocketAddress>& addresses,
                                    std::size_t index) {
  const std::string& url = settings.web_socket_url;
  shard::ShardSettings out;
  out.index = index;
  out.udp.port = static_cast<std::uint16_t>(settings.media.port + index);
  out.udp.addresses = addresses;
  out.candidates = candidate_settings(settings.media, index);
  out.conference.web_socket_url = url.empty() ? url : url + "/" + std::to_string(index);
  out.conference.sctp = settings.sctp;
  return out;
}

}  // namespace

Bridge::Bridge(net::Reactor& reactor, const Settings& settings)
    : reactor_(reactor), settings_(settings), state_{.region = settings.region}, refresh_timer_(reactor) {}

Bridge::~Bridge() = default;

Result<std::unique_ptr<Bridge>, SystemError> Bridge::make(net::Reactor& reactor, const Settings& settings) {
  std::unique_ptr<Bridge> bridge(new Bridge(reactor, settings));
  if (auto opened = bridge->open(); !opened) return fail(opened.error());
  bridge->wire();
  return bridge;
}

Result<void, SystemError> Bridge::open() {
  const std::vector<SocketAddress> addresses = listening_addresses(settings_.media, net::local_addresses());
  if (addresses.empty())
    return fail(
        SystemError{std::make_error_code(std::errc::address_not_available), "looking for a local address"});
  for (std::size_t i = 0; i < shard_count(settings_.media); ++i) {
    auto shard = shard::Shard::start(shard_settings(settings_, addresses, i), reactor_, *this);
    if (!shard) return fail(shard.error());
    shards_.push_back(std::move(*shard));
  }
  http_ = std::make_unique<signalling::HttpApi>(reactor_);
  if (settings_.http.port == 0) return {};
  return http_->listen(settings_.http.address, settings_.http.port);
}

void Bridge::wire() {
  std::vector<shard::Shard*> shards;
  std::ranges::transform(shards_, std::back_inserter(shards), [](const auto& shard) { return shard.get(); });
  statistics_ = std::make_unique<signalling::Statistics>(
      std::vector<const shard::Shard*>(shards.begin(), shards.end()));
  http_->serve(shards, *statistics_, state_, settings_.web_socket_url);

  const XmppSettings& xmpp = settings_.xmpp;
  const auto brewery = xmpp::Jid::parse(xmpp.brewery).value();
  const std::string nickname = xmpp.nickname.empty() ? "bridge-" + random_token(8) : xmpp.nickname;
  session_ = xmpp::make_client_session(reactor_, {.host = xmpp.host,
                                                  .port = xmpp.port,
                                                  .domain = xmpp.domain,
                                                  .user = xmpp.user,
                                                  .password = xmpp.password,
                                                  .resource = nickname,
                                                  .ca_file = xmpp.ca_file,
                                                  .about = about()});
  brewery_ = std::make_unique<signalling::Brewery>(reactor_, *session_, brewery.with_resource(nickname),
                                                   [this] { return statistics_->presence(state_); });
  colibri2_ = std::make_unique<signalling::Colibri2Handler>(shards, brewery);
  colibri2_->register_at(session_->router());
  // The sockets are open, or open() had failed; the main thread answers, so it runs (checklist 11).
  session_->router().on_iq<xmpp::HealthCheck>(
      [](const xmpp::Iq<xmpp::HealthCheck>&, xmpp::Responder responder) { responder.reply(); });
}

void Bridge::start() {
  refresh();
  session_->start(*this);
}

void Bridge::stop() {
  sd_notify(0, "STOPPING=1");
  log::info("stopping");
  brewery_->leave();
  session_->stop();
  // One more turn of the loop lets the farewell leave.
  reactor_.post([this] { reactor_.stop(); });
}

void Bridge::refresh() {
  statistics_->refresh(clock_.now());
  refresh_timer_.start(kRefreshInterval, [this] { refresh(); });
}

void Bridge::on_online() {
  brewery_->on_online();
  sd_notify(0, "READY=1");
}

void Bridge::on_offline() {
  log::warning("connection to the XMPP server lost");
  brewery_->on_offline();
}

void Bridge::send_web_socket_text(conference::WebSocketHandle handle, std::string text) {
  http_->send(handle, std::move(text));
}

void Bridge::close_web_socket(conference::WebSocketHandle handle, std::uint16_t code) {
  http_->close(handle, code);
}

void Bridge::on_conference_ended(const MeetingId& meeting) { colibri2_->on_conference_ended(meeting); }

}  // namespace cloister::videobridge::app
