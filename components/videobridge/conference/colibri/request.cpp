#include "videobridge/conference/colibri/request.h"

#include <algorithm>
#include <string_view>

#include "videobridge/conference/colibri/transport_description.h"
#include "xmpp/jid.h"

namespace cloister::videobridge::conference {
namespace {

using xmpp::StanzaError;
using xmpp::colibri2::ConferenceModify;
using xmpp::colibri2::Endpoint;

std::optional<StanzaError> find_fault(const xmpp::colibri2::Sctp& sctp, SctpAllowed allowed) {
  if (allowed == SctpAllowed::no) return not_implemented("SCTP is disabled");
  if (sctp.role == "client") return not_implemented("the bridge is the SCTP server of endpoints");
  if (sctp.port && *sctp.port != kSctpPort) return bad_request("unsupported SCTP port");
  return std::nullopt;
}

std::optional<StanzaError> find_fault(const Endpoint& endpoint, SctpAllowed allowed) {
  if (endpoint.id.expose().empty()) return bad_request("endpoint without id");
  if (endpoint.expire) return std::nullopt;
  if (endpoint.create && !endpoint.transport) return bad_request("endpoint created without transport");
  if (endpoint.create && !capabilities(endpoint).source_names)
    return bad_request("capability source-names is required");
  if (is_visitor(endpoint) && endpoint.sources && !endpoint.sources->empty())
    return bad_request("visitors have no sources");
  if (endpoint.transport && endpoint.transport->sctp) return find_fault(*endpoint.transport->sctp, allowed);
  return std::nullopt;
}

// One that is made needs both: the messages of this bridge go by a data channel only.
std::optional<StanzaError> find_fault(const xmpp::colibri2::Relay& relay, SctpAllowed sctp) {
  if (!relay.transport)
    return relay.create ? std::optional(bad_request("relay created without transport")) : std::nullopt;
  const auto& asked = relay.transport->sctp;
  if (!asked)
    return relay.create ? std::optional(not_implemented("a relay needs a data channel")) : std::nullopt;
  if (sctp == SctpAllowed::no) return not_implemented("SCTP is disabled");
  if (asked->port && *asked->port != kSctpPort) return bad_request("unsupported SCTP port");
  const bool known_role = asked->role == "client" || asked->role == "server";
  return relay.create && !known_role ? std::optional(bad_request("unknown SCTP role")) : std::nullopt;
}

// Where relays are disabled none can be made or changed; that one ends is as good as done.
std::optional<StanzaError> find_relay_fault(const ConferenceModify& request, SctpAllowed sctp,
                                            RelaysAllowed allowed) {
  if (request.relays.empty()) return std::nullopt;
  if (!request.endpoints.empty()) return not_implemented("endpoints and relays in one request");
  const auto expires = [](const xmpp::colibri2::Relay& relay) { return relay.expire; };
  if (std::ranges::all_of(request.relays, expires)) return std::nullopt;
  if (request.relays.size() > 1) return not_implemented("only one relay can be changed at a time");
  const xmpp::colibri2::Relay& relay = request.relays.front();
  if (allowed == RelaysAllowed::yes) return find_fault(relay, sctp);
  return relay.create ? not_implemented("relays are disabled") : bad_request("unknown relay");
}

bool is_bare_jid(const Personal<std::string>& name) {
  const std::optional<xmpp::Jid> jid = xmpp::Jid::parse(name.expose());
  return jid && jid->is_bare();
}

}  // namespace

Capabilities capabilities(const Endpoint& endpoint) {
  const auto has = [&](std::string_view name) {
    return std::ranges::find(endpoint.capabilities, name) != endpoint.capabilities.end();
  };
  const bool rewriting = has("ssrc-rewriting");
  using transport::PrivateAddresses;
  return {.source_names = has("source-names"),
          .private_addresses =
              has("private-address-connectivity") ? PrivateAddresses::told : PrivateAddresses::hidden,
          .ssrc_rewriting = rewriting,
          .rtp_mid_demux = rewriting && has("rtp-mid-demux")};
}

bool is_visitor(const Endpoint& endpoint) { return endpoint.muc_role == "visitor"; }

bool changes_media(const Endpoint& endpoint) {
  return endpoint.create || !endpoint.media.empty() || endpoint.transport || endpoint.sources;
}

std::optional<StanzaError> find_fault(const ConferenceModify& request, SctpAllowed sctp,
                                      RelaysAllowed relays) {
  if (request.meeting_id.expose().empty()) return bad_request("no meeting id");
  if (request.name && !is_bare_jid(*request.name)) return bad_request("the name is not a bare JID");
  if (auto fault = find_relay_fault(request, sctp, relays)) return fault;
  if (request.endpoints.size() > 1 && std::ranges::any_of(request.endpoints, changes_media)) {
    return not_implemented("only one endpoint can be changed at a time");
  }
  for (const Endpoint& endpoint : request.endpoints) {
    if (auto fault = find_fault(endpoint, sctp)) return fault;
  }
  return std::nullopt;
}

}  // namespace cloister::videobridge::conference
