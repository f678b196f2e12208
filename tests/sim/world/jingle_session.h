// A participant's side of signalling: what an offer says of the bridge and of the others, and the answer.
#pragma once

#include <map>
#include <string>

#include "support/call/colibri_requests.h"
#include "xmpp/jingle.h"

namespace cloister::sim {

struct OtherSources {
  Ssrc audio{};
  Ssrc video{};  // the primary one, which receivers are sent
  Ssrc video_rtx{};
};
// By owner; of an offer, of source-add or source-remove in their JSON form.
std::map<EndpointId, OtherSources> sources_in(const xmpp::jingle::Jingle& message);

// What both sides encrypt of the RTP header: all that is offered so (RFC 6904).
videobridge::transport::ExtensionIds encrypted_extensions_in(const xmpp::jingle::Jingle& offer);

const xmpp::IceUdpTransport& transport_in(const xmpp::jingle::Jingle& offer);

xmpp::jingle::Jingle accept(const xmpp::jingle::Jingle& offer, const support::Participant& participant,
                            const videobridge::transport::LocalDescription& local);

}  // namespace cloister::sim
