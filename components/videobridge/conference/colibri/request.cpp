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

// Without relays of our own (§11) none can be made or changed; that a far one ends is as good as done.
std::optional<StanzaError> find_relay_fault(const ConferenceModify& request) {
  if (request.relays.empty()) return std::nullopt;
  if (!request.endpoints.empty()) return not_implemented("endpoints and relays in one request");
  const auto expires = [](const xmpp::colibri2::Relay& relay) { return relay.expire; };
  if (std::ranges::all_of(request.relays, expires)) return std::nullopt;
  if (request.relays.size() > 1) return not_implemented("only one relay can be changed at a time");
  if (request.relays.front().create) return not_implemented("relays are disabled");
  return bad_request("unknown relay");
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

std::optional<StanzaError> find_fault(const ConferenceModify& request, SctpAllowed sctp) {
  if (request.meeting_id.expose().empty()) return bad_request("no meeting id");
  if (request.name && !is_bare_jid(*request.name)) return bad_request("the name is not a bare JID");
  if (auto fault = find_relay_fault(request)) return fault;
  if (request.endpoints.size() > 1 && std::ranges::any_of(request.endpoints, changes_media)) {
    return not_implemented("only one endpoint can be changed at a time");
  }
  for (const Endpoint& endpoint : request.endpoints) {
    if (auto fault = find_fault(endpoint, sctp)) return fault;
  }
  return std::nullopt;
}

}  // namespace cloister::videobridge::conference
