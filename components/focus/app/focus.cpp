#include "focus/app/focus.h"

#include <utility>

#include "base/log.h"
#include "focus/app/storm_bans.h"
#include "focus/signalling/metrics_text.h"

namespace cloister::focus::app {
namespace {

constexpr Duration kFarewell = 200ms;                         // for what we say last to be on its way
constexpr const char* kCapsNode = "http://jitsi.org/jicofo";  // what clients know a focus by

xmpp::About about() {
  xmpp::About about;
  about.disco.identities = {
      {.category = "client", .type = "bot", .name = "cloister-focus"}
  };
  about.disco.features = {"http://jabber.org/protocol/caps", "http://jabber.org/protocol/disco#info",
                          "https://jitsi.org/meet/jicofo/terminate-restart", "jabber:iq:version",
                          "urn:xmpp:ping"};
  about.version = {.name = "cloister-focus", .version = CLOISTER_VERSION, .os = "Linux"};
  return about;
}

std::unique_ptr<xmpp::Session> client_session(net::Reactor& reactor, const XmppSettings& settings) {
  return xmpp::make_client_session(reactor, {.host = settings.host,
                                             .port = settings.port,
                                             .domain = settings.domain,
                                             .user = settings.user,
                                             .password = settings.password,
                                             .resource = "focus",
                                             .ca_file = settings.ca_file,
                                             .about = about(),
                                             .times = {}});
}

std::unique_ptr<xmpp::Session> component_session(net::Reactor& reactor, const ComponentSettings& settings) {
  return xmpp::make_component_session(reactor, {.host = settings.host,
                                                .port = settings.port,
                                                .domain = settings.domain,
                                                .secret = settings.secret,
                                                .about = about(),
                                                .times = {}});
}

}  // namespace

Result<std::unique_ptr<Focus>, SystemError> Focus::make(net::Reactor& reactor, const Settings& settings,
                                                        std::function<void()> on_ready) {
  std::unique_ptr<Focus> focus(new Focus(reactor, settings, std::move(on_ready)));
  if (settings.http.port == 0) return focus;
  auto http =
      net::HttpServer::listen(reactor, {.address = settings.http.address, .port = settings.http.port});
  if (!http) return fail(http.error());
  focus->http_ = std::move(*http);
  focus->http_->on_request(
      [&api = focus->api_](const net::HttpRequest& request, net::HttpResponder responder) {
        api.on_request(request, std::move(responder));
      });
  return focus;
}

Focus::Focus(net::Reactor& reactor, const Settings& settings, std::function<void()> on_ready)
    : room_settings_(settings.conference),
      client_(client_session(reactor, settings.xmpp)),
      component_(component_session(reactor, settings.component)),
      on_ready_(std::move(on_ready)),
      brewery_(reactor, *client_, xmpp::Jid::parse(settings.domains.brewery).value_or(xmpp::Jid{}), clock_,
               *this, settings.bridges),
      services_(reactor, clock_),
      conferences_(reactor, *client_,
                   {.settings = room_settings_,
                    .bridges = brewery_.bridges(),
                    .features = features_,
                    .clock = clock_,
                    .counters = counters_,
                    .caps = xmpp::make_caps(kCapsNode, about().disco)},
                   {.muc_domain = settings.domains.muc,
                    .host_domain = settings.domains.main,
                    .hosts = settings.conference.hosts}),
      farewell_(reactor) {
  conferences_.answer_requests_at(*component_);
  conferences_.watch(services_);
  add_services(reactor, settings);
  if (!settings.guard_socket.empty())
    conferences_.ban_by([socket = settings.guard_socket, length = settings.conference.crowd.ban](
                            const auto& addresses) { ban_stormers(socket, addresses, length); });
  client_line_.online = [this] { on_client_online(); };
  client_line_.offline = [this] { on_client_offline(); };
  component_line_.online = [this] { tell_when_ready(); };
  component_line_.offline = [this] { counters_.xmpp_disconnects.add(); };
}

void Focus::add_services(net::Reactor& reactor, const Settings& settings) {
  using signalling::ServiceKind;
  const auto add = [&](ServiceKind kind, const std::string& domain) {
    if (domain.empty()) return;
    ComponentSettings component = settings.component;
    component.domain = domain;
    service_sessions_.push_back(component_session(reactor, component));
    services_.add(kind, *service_sessions_.back());
  };
  add(ServiceKind::av_moderation, settings.services.av_moderation);
  add(ServiceKind::end_conference, settings.services.end_conference);
  add(ServiceKind::room_metadata, settings.services.room_metadata);
  add(ServiceKind::speaker_stats, settings.services.speaker_stats);
  add(ServiceKind::polls, settings.services.polls);
  if (!settings.services.breakout_rooms.empty())
    services_.add_breakout_rooms(*component_, settings.services.breakout_rooms);
}

Focus::~Focus() = default;

void Focus::start() {
  client_->start(client_line_);
  component_->start(component_line_);
  for (const auto& session : service_sessions_) session->start(service_line_);
}

void Focus::stop(std::function<void()> done) {
  http_.reset();
  component_->stop();
  for (const auto& session : service_sessions_) session->stop();
  conferences_.stop_all();
  brewery_.leave();
  farewell_.start(kFarewell, [this, done = std::move(done)] {
    client_->stop();
    done();
  });
}

void Focus::on_client_online() {
  brewery_.on_online();
  tell_when_ready();
}

void Focus::on_client_offline() {
  log::warning("the XMPP connection was lost; all conferences were dropped");
  counters_.xmpp_disconnects.add();
  conferences_.drop_all();
  brewery_.on_offline();
}

void Focus::tell_when_ready() {
  if (client_->online() && component_->online())
    if (const auto ready = std::exchange(on_ready_, nullptr)) ready();
}

void Focus::request(const xmpp::ConferenceRequest& request,
                    std::function<void(signalling::Conferences::Answer)> done) {
  conferences_.request(request, std::nullopt, std::move(done));
}

std::string Focus::problem() const {
  if (!client_->online()) return "not connected to the XMPP server";
  if (!component_->online()) return "not connected to the XMPP server as a component";
  if (brewery_.bridges().operational() == 0) return "no operational bridge";
  return {};
}

signalling::Figures Focus::figures() const {
  return {.counters = counters_,
          .bridges = brewery_.bridges(),
          .sizes = conferences_.sizes(),
          .healthy = problem().empty()};
}

std::string Focus::metrics() const { return signalling::metrics_text(figures()); }

std::string Focus::stats() const { return signalling::stats_json(figures()); }

}  // namespace cloister::focus::app
