#include "videobridge/conference/relay_handler.h"

#include <utility>

#include "videobridge/conference/colibri/error.h"
#include "videobridge/conference/colibri/transport_description.h"

namespace cloister::videobridge::conference {

using xmpp::ErrorCondition;
using xmpp::StanzaError;
using xmpp::colibri2::RelayAnswer;

std::optional<StanzaError> RelayHandler::apply(const std::vector<xmpp::colibri2::Relay>& relays,
                                               xmpp::colibri2::ConferenceModified& answer) {
  for (const xmpp::colibri2::Relay& relay : relays) {
    auto entry = apply(relay);
    if (!entry) return std::move(entry.error());
    answer.relays.push_back(std::move(*entry));
  }
  return std::nullopt;
}

Result<RelayAnswer, StanzaError> RelayHandler::apply(const xmpp::colibri2::Relay& request) {
  Relay* relay = conference_.find_relay(request.id);
  if (request.expire) {
    if (relay) conference_.remove_relay(*relay, now_);
    return RelayAnswer{.id = request.id, .expire = true};
  }
  if (request.create) return create(request);
  if (!relay) return fail(bad_request("unknown relay"));
  update(*relay, request);
  return RelayAnswer{.id = request.id};
}

Result<RelayAnswer, StanzaError> RelayHandler::create(const xmpp::colibri2::Relay& request) {
  if (conference_.find_relay(request.id))
    return fail(colibri_error(ErrorCondition::conflict, "the relay exists"));
  const xmpp::colibri2::Transport& asked = *request.transport;
  const bool opens = asked.sctp->role == "client";
  RelayConfig config{.id = request.id, .ice_controlling = asked.ice_controlling, .opens_channel = opens};
  if (asked.use_unique_port && ports_) {
    auto port = ports_->take();
    if (!port) return fail(colibri_error(ErrorCondition::resource_constraint, "no relay port is free"));
    config.port.emplace(std::move(*port));
  }
  Relay& relay = conference_.add_relay(std::move(config), now_);
  update(relay, request);
  xmpp::colibri2::Transport transport{.ice_controlling = asked.ice_controlling,
                                      .use_unique_port = asked.use_unique_port};
  transport.ice = to_signalling(relay.transport().local(), "");
  // What the other bridge is to be.
  transport.sctp = xmpp::colibri2::Sctp{.port = kSctpPort, .role = opens ? "server" : "client"};
  return RelayAnswer{.id = request.id, .expire = false, .transport = std::move(transport)};
}

// In the order of §2.4. Who moves from one bridge to another may be signalled behind both for a moment.
void RelayHandler::update(Relay& relay, const xmpp::colibri2::Relay& request) {
  if (!request.media.empty()) relay.add_media(request.media);
  if (request.transport && request.transport->ice)
    relay.transport().set_remote(to_remote(*request.transport->ice), now_);
  for (const xmpp::colibri2::Endpoint& endpoint : request.endpoints) {
    if (endpoint.expire) {
      conference_.remove_relayed(relay, endpoint.id, now_);
      continue;
    }
    std::optional<std::vector<media::SourceDescription>> sources;
    if (endpoint.sources) sources = to_sources(*endpoint.sources);
    conference_.set_relayed(relay, endpoint.id, sources, now_);
  }
  relay.touch();
}

}  // namespace cloister::videobridge::conference
