#include "videobridge/conference/colibri_handler.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "videobridge/conference/colibri/error.h"
#include "videobridge/conference/colibri/request.h"
#include "videobridge/conference/colibri/transport_description.h"

namespace cloister::videobridge::conference {
namespace {

using xmpp::ErrorCondition;
using xmpp::StanzaError;
using xmpp::colibri2::ConferenceModified;
using xmpp::colibri2::ConferenceModify;
using xmpp::colibri2::EndpointAnswer;
using xmpp::colibri2::MediaSource;

// Participants' ids are part of WebSocket URLs as they are (RFC 3986 §2.3, unreserved).
bool is_unreserved(const std::string& text) {
  return std::ranges::all_of(text, [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '_' || c == '~';
  });
}

MediaSource feedback_source(MediaKind kind, const char* name, Ssrc ssrc) {
  MediaSource out;
  out.kind = kind;
  out.id = SourceName(name);
  xmpp::Source source;
  source.ssrc = ssrc;
  source.name = out.id;
  out.sources.push_back(std::move(source));
  return out;
}

}  // namespace

Result<ConferenceModified, StanzaError> ColibriHandler::apply(const ConferenceModify& request) {
  ConferenceModified answer;
  for (const xmpp::colibri2::Endpoint& endpoint : request.endpoints) {
    auto entry = apply(endpoint);
    if (!entry) return fail(std::move(entry.error()));
    answer.endpoints.push_back(std::move(*entry));
  }
  const bool creates =
      request.create || std::ranges::any_of(request.endpoints, &xmpp::colibri2::Endpoint::create);
  if (creates) answer.sources = feedback_sources();
  return answer;
}

Result<EndpointAnswer, StanzaError> ColibriHandler::apply(const xmpp::colibri2::Endpoint& request) {
  Endpoint* endpoint = conference_.find(request.id.expose());
  if (request.expire) {
    if (endpoint) conference_.remove_endpoint(*endpoint, now_);
    return EndpointAnswer{.id = request.id, .expire = true, .transport = std::nullopt};
  }
  if (request.create) return create(request);
  if (endpoint && endpoint->is_visitor() && request.sources && !request.sources->empty()) {
    return fail(bad_request("visitors have no sources"));
  }
  Answer answer{.id = request.id, .expire = false, .transport = std::nullopt};
  if (endpoint) {
    update(*endpoint, request);
    if (request.transport && request.transport->ice_restart)
      answer.transport = restart_ice(*endpoint, *request.transport);
  } else if (changes_media(request)) {
    return fail(unknown_endpoint(request.id));
  }
  return answer;
}

// §3.6: no transport in the answer means that there is nothing to restart, and the focus invites anew.
std::optional<xmpp::colibri2::Transport> ColibriHandler::restart_ice(
    Endpoint& endpoint, const xmpp::colibri2::Transport& asked) const {
  const auto local = endpoint.restart_ice(now_);
  if (!local) return std::nullopt;
  return describe_transport(endpoint, *local, asked);
}

Result<EndpointAnswer, StanzaError> ColibriHandler::create(const xmpp::colibri2::Endpoint& request) {
  if (conference_.find(request.id.expose())) {
    return fail(colibri_error(ErrorCondition::conflict, "the endpoint exists"));
  }
  if (conference_.size() >= settings_.max_endpoints) {
    return fail(colibri_error(ErrorCondition::resource_constraint, "the conference is full"));
  }
  EndpointConfig config;
  config.id = request.id;
  config.capabilities = capabilities(request);
  config.visitor = is_visitor(request);
  config.ice_controlling = request.transport->ice_controlling;
  config.data_channel = request.transport->sctp.has_value();
  Endpoint& endpoint = conference_.add_endpoint(std::move(config), now_);
  update(endpoint, request);
  return EndpointAnswer{
      .id = request.id,
      .expire = false,
      .transport = describe_transport(endpoint, endpoint.transport().local(), *request.transport)};
}

// In the order of §2.4.
void ColibriHandler::update(Endpoint& endpoint, const xmpp::colibri2::Endpoint& request) {
  if (!request.media.empty()) conference_.add_media(endpoint, request.media, now_);
  if (request.initial_last_n && !endpoint.settings().has_message) {
    endpoint.settings().last_n = *request.initial_last_n;
    conference_.on_wishes_changed(endpoint);
  }
  if (request.transport && request.transport->ice) {
    endpoint.transport().set_remote(to_remote(*request.transport->ice), now_);
  }
  if (request.sources) conference_.set_sources(endpoint, to_sources(*request.sources), now_);
  if (request.force_mute) endpoint.force_mute(*request.force_mute);
  conference_.on_touched(endpoint);
}

xmpp::colibri2::Transport ColibriHandler::describe_transport(const Endpoint& endpoint,
                                                             const transport::LocalDescription& local,
                                                             const xmpp::colibri2::Transport& asked) const {
  xmpp::colibri2::Transport out;
  out.ice_controlling = asked.ice_controlling;
  out.ice = to_signalling(local, web_socket_url(endpoint));
  if (asked.sctp) out.sctp = xmpp::colibri2::Sctp{.port = kSctpPort, .role = "server"};
  return out;
}

std::string ColibriHandler::web_socket_url(const Endpoint& endpoint) const {
  if (settings_.web_socket_url.empty() || !is_unreserved(endpoint.id().expose())) return {};
  return settings_.web_socket_url + "/" + conference_.id() + "/" + endpoint.id().expose() +
         "?pwd=" + endpoint.password();
}

std::vector<MediaSource> ColibriHandler::feedback_sources() const {
  return {feedback_source(MediaKind::audio, "jvb-a0", conference_.feedback_audio()),
          feedback_source(MediaKind::video, "jvb-v0", conference_.feedback_video())};
}

}  // namespace cloister::videobridge::conference
