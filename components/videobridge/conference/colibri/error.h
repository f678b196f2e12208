// The errors that the bridge answers to the focus (protocol/bridge.md §2.6). All carry <error
// xmlns='jitsi:colibri2'>: by it the focus knows that the bridge spoke, and not the XMPP server.
#pragma once

#include <string>

#include "xmpp/stanza_error.h"

namespace cloister::videobridge::conference {

xmpp::StanzaError colibri_error(
    xmpp::ErrorCondition condition, std::string text,
    xmpp::colibri2::ErrorReason reason = xmpp::colibri2::ErrorReason::unspecified);
xmpp::StanzaError bad_request(std::string text);
xmpp::StanzaError not_implemented(std::string text);
xmpp::StanzaError unknown_endpoint(const EndpointId& id);

}  // namespace cloister::videobridge::conference
