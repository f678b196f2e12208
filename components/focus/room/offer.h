// What is offered to a client: payload types, feedback and header extensions (protocol/focus.md §4.2), and
// the session-initiate made of them and of the bridge's answer (§4.1). The ids are the same for everybody:
// the bridge maps none.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "focus/room/features.h"
#include "focus/room/settings.h"
#include "xmpp/colibri2.h"
#include "xmpp/jingle.h"

namespace cloister::focus::room {

using SourceMap = std::map<std::string, xmpp::jingle::OwnedSources>;  // owner → sources

// Audio and video for which the client has a feature, in this order. The bridge gets exactly the same
// (checklist 99).
std::vector<xmpp::colibri2::Media> offered_media(const Features& features, const OfferSettings& settings);

// Of these, the header extensions that the client's answer does not list: the bridge is not to send them
// (XEP-0294; above all a level that the client cannot decrypt). None where the answer describes no media.
std::vector<xmpp::colibri2::Media> declined_extensions(const std::vector<xmpp::colibri2::Media>& offered,
                                                       const xmpp::jingle::Jingle& answer);

struct OfferParts {
  std::string sid{};
  xmpp::Jid initiator{};  // our real full address
  std::vector<xmpp::colibri2::Media> media{};
  bool data = false;
  std::uint16_t sctp_port = 0;        // the bridge's, with `data`
  xmpp::IceUdpTransport transport{};  // the bridge's, passed on as it came
  xmpp::jingle::BridgeSession bridge_session{};
  SourceMap sources{};
  bool json_sources = true;
  bool start_audio_muted = false;
  bool start_video_muted = false;
};

xmpp::jingle::Jingle make_offer(const OfferParts& parts);

// The bridge's new credentials for an ICE restart: one content with the transport as it came
// (protocol/focus.md §4.8).
xmpp::jingle::Jingle make_transport_info(std::string sid, xmpp::IceUdpTransport transport);

// source-add or source-remove, in the form that the client understands.
xmpp::jingle::Jingle make_source_change(xmpp::jingle::Action action, std::string sid,
                                        const SourceMap& sources, bool json_sources);

}  // namespace cloister::focus::room
