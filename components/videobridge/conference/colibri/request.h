// What a <conference-modify> says about itself, before any conference is looked at (protocol/bridge.md §2.2,
// §2.5, §2.6).
#pragma once

#include <optional>

#include "videobridge/conference/colibri/error.h"
#include "videobridge/transport/ice/candidates.h"
#include "xmpp/colibri2.h"

namespace cloister::videobridge::conference {

// Names as they stand in <capability>.
struct Capabilities {
  bool source_names = false;
  // "private-address-connectivity": private candidates also where the settings withhold them.
  transport::PrivateAddresses private_addresses = transport::PrivateAddresses::hidden;
  bool ssrc_rewriting = false;
  bool rtp_mid_demux = false;  // only together with ssrc_rewriting
};
Capabilities capabilities(const xmpp::colibri2::Endpoint& endpoint);

bool is_visitor(const xmpp::colibri2::Endpoint& endpoint);
// It wants more than an end or a mute: then an unknown endpoint is an error, and it has to be the only one in
// its request.
bool changes_media(const xmpp::colibri2::Endpoint& endpoint);

// The first thing wrong with the request as such, if any. <connects> (media export) is none: it is passed
// over, because a focus takes any error of an update for the end of its whole session (§2.6).
enum class SctpAllowed : bool { no, yes };
enum class RelaysAllowed : bool { no, yes };
std::optional<xmpp::StanzaError> find_fault(const xmpp::colibri2::ConferenceModify& request, SctpAllowed sctp,
                                            RelaysAllowed relays);

}  // namespace cloister::videobridge::conference
