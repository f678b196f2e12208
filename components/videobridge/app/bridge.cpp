#include "videobridge/app/bridge.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "base/random.h"
#include "videobridge/app/media_addresses.h"
#include "videobridge/app/reload.h"

namespace cloister::videobridge::app {
namespace {

// What goes by the clock is done together: a bridge that has nothing to do wakes up once in a round.
constexpr Duration kRound = 5s;
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

conference::ConferenceSettings conference_settings(const Settings& settings, std::size_t shard) {
  const std::string& url = settings.web_socket_url;
  const LimitSettings& limits = settings.limits;
  conference::ConferenceSettings out;
  out.web_socket_url = url.empty() ? url : url + "/" + std::to_string(shard);
  out.sctp = settings.sctp;
  out.max_endpoints = limits.endpoints_per_conference;
  out.last_n.bridge = limits.last_n;
  out.last_n_by_size = limits.last_n_by_size;
  if (limits.downlink_bitrate > 0) out.bandwidth = limits.downlink_bitrate;
  out.channel = limits.channel;
  out.loudest = settings.audio.loudest;
  if (settings.relay.enabled) out.relay_id = settings.relay.id;
  out.equal_sizes = settings.media.equal_sizes;
  return out;
}

shard::ShardSettings shard_settings(const Settings& settings, const std::vector<SocketAddress>& addresses,
                                    std::size_t index) {
  shard::ShardSettings out;
  out.index = index;
  out.udp.port = static_cast<std::uint16_t>(settings.media.port + index);
  out.udp.addresses = addresses;
  if (settings.relay.enabled) {
    out.udp.more_ports = settings.relay.ports;
    out.udp.more_from = static_cast<std::uint16_t>(settings.relay.port + index * settings.relay.ports);
  }
  out.candidates = candidate_settings(settings.media, index);
  out.conference = conference_settings(settings, index);
  return out;
}

}  // namespace

Bridge::Bridge(net::Reactor& reactor, const Settings& settings)
    : reactor_(reactor), settings_(settings), round_timer_(reactor) {
  lifecycle_.drain(settings.drain);
}

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
  std::vector<const shard::ShardCounters*> counters;
  for (const shard::Shard* shard : shards) counters.push_back(&shard->counters());
  statistics_ = std::make_unique<signalling::Statistics>(std::move(counters));
  pulse_.emplace(shards.size());
  load_.emplace(shards_);
  operators_ = std::make_unique<signalling::OperatorApi>(*statistics_,
                                                         static_cast<signalling::OperatorApi::Port&>(*this));
  http_->serve(shards, *operators_, settings_.web_socket_url);

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
                                                   [this] { return statistics_->presence(state()); });
  colibri2_ = std::make_unique<signalling::Colibri2Handler>(shards, brewery);
  colibri2_->register_at(session_->router());
  session_->router().on_iq<xmpp::HealthCheck>(
      [this](const xmpp::Iq<xmpp::HealthCheck>&, xmpp::Responder responder) {
        if (pulse_->healthy(clock_.now())) return responder.reply();
        responder.fail({.condition = xmpp::ErrorCondition::internal_server_error,
                        .text = "a media thread does not answer"});
      });
}

void Bridge::start() {
  make_round();
  session_->start(*this);
}

void Bridge::reload(const Settings& fresh) {
  manager_.reloading(clock_.now());
  if (const auto waiting = waiting_for_restart(settings_, fresh); !waiting.empty())
    log::error("only a restart changes {}", fmt::join(waiting, ", "));
  const bool drain_before = settings_.drain;
  settings_ = taken_over(settings_, fresh);
  if (settings_.drain != drain_before) lifecycle_.drain(settings_.drain);
  configure_shards();
  brewery_->publish();
  log::info("settings read again");
  manager_.ready();
}

void Bridge::configure_shards() {
  for (std::size_t i = 0; i < shards_.size(); ++i)
    shards_[i]->configure(conference_settings(settings_, i), candidate_settings(settings_.media, i));
}

void Bridge::stop() {
  if (std::exchange(stopping_, true)) return;
  manager_.stopping();
  log::info("stopping");
  brewery_->leave();
  session_->stop();
  // One more turn of the loop lets the farewell leave.
  reactor_.post([this] { reactor_.stop(); });
}

// More often where the service manager wants to hear of us more often.
void Bridge::make_round() {
  const Duration next = std::min(kRound, manager_.watchdog().value_or(4 * kRound) / 4);
  beat();
  if (const TimePoint now = clock_.now(); now + next / 2 >= next_refresh_) {
    next_refresh_ = now + kRound;
    refresh(now);
  }
  round_timer_.start(next, [this] { make_round(); });
}

void Bridge::refresh(TimePoint now) {
  load_->measure(settings_.load, now);
  statistics_->refresh(now, std::chrono::system_clock::now());
  manager_.status(status_line());
  advance();
}

std::string Bridge::status_line() const {
  return fmt::format("{} conferences, {} participants, stress {:.2f}{}", statistics_->conferences(),
                     statistics_->participants(), load_->stress(), lifecycle_.draining() ? ", draining" : "");
}

// The service manager hears of us as long as every media thread answers, and this one asks.
void Bridge::beat() {
  if (manager_.watchdog() && pulse_->complete()) manager_.alive();
  if (const auto round = pulse_->begin(clock_.now())) {
    for (std::size_t i = 0; i < shards_.size(); ++i)
      shards_[i]->ping([this, i, round = *round] { pulse_->on_answer(i, round); });
  }
}

void Bridge::drain(bool on) {
  lifecycle_.drain(on);
  log::info("{}", on ? "draining: focuses are asked to choose other bridges" : "no longer draining");
  brewery_->publish();
}

void Bridge::shut_down(signalling::Shutdown how) {
  if (how == signalling::Shutdown::graceful) {
    lifecycle_.shut_down_gracefully(clock_.now());
    for (const auto& shard : shards_) shard->refuse_new_conferences();
  } else {
    lifecycle_.shut_down_now();
  }
  on_phase();
  advance();
}

void Bridge::advance() {
  while (lifecycle_.advance(statistics_->participants(), settings_.shutdown, clock_.now())) on_phase();
}

void Bridge::on_phase() {
  using signalling::Phase;
  switch (lifecycle_.phase()) {
    case Phase::running: return;
    case Phase::graceful_shutdown: log::info("shutting down when the participants have left"); break;
    case Phase::shutting_down: log::info("shutting down soon"); break;
    case Phase::over: return stop();
  }
  brewery_->publish();
}

signalling::BridgeState Bridge::state() const {
  return {.region = settings_.region,
          .relay_id = settings_.relay.enabled ? settings_.relay.id : "",
          .phase = lifecycle_.phase(),
          .drain = lifecycle_.draining(),
          .healthy = pulse_->healthy(clock_.now()),
          .online = session_->online(),
          .inside_brewery = brewery_->inside(),
          .xmpp_disconnects = xmpp_disconnects_,
          .stress = load_->stress()};
}

void Bridge::on_online() {
  brewery_->on_online();
  manager_.ready();
}

void Bridge::on_offline() {
  log::warning("connection to the XMPP server lost");
  ++xmpp_disconnects_;
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
