// What a focus's offer says, and a browser's answer to it (client.md §8, §9).
#pragma once

#include <optional>

#include "support/call/colibri_requests.h"
#include "xmpp/jingle.h"

namespace cloister::load {

struct Offer {
  xmpp::IceUdpTransport transport{};
  support::Extensions extensions{};
  videobridge::transport::ExtensionIds encrypted_extensions{};  // of these
  bool data_channel = false;
};

// Nothing when there is no transport, or the codecs have other numbers than the ones that we send.
std::optional<Offer> read_offer(const xmpp::jingle::Jingle& message);

// Takes all codecs and extensions of the offer; no candidates, for the bridge learns our address from our
// checks.
xmpp::jingle::Jingle make_accept(const xmpp::jingle::Jingle& offer, const xmpp::Jid& us,
                                 const support::Participant& sends,
                                 const videobridge::transport::LocalDescription& local);

}  // namespace cloister::load
