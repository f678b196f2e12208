#include "focus/room/features.h"

namespace cloister::focus::room {

Features features_of(const xmpp::DiscoInfo& info) {
  return {
      .audio = info.has_feature("urn:xmpp:jingle:apps:rtp:audio"),
      .video = info.has_feature("urn:xmpp:jingle:apps:rtp:video"),
      .data = info.has_feature("urn:xmpp:jingle:transports:dtls-sctp:1"),
      .rtx = info.has_feature("urn:ietf:rfc:4588"),
      .transport_cc = info.has_feature("http://jitsi.org/tcc"),
      .remb = info.has_feature("http://jitsi.org/remb"),
      .opus_red = info.has_feature("http://jitsi.org/opus-red"),
      .json_sources = info.has_feature("http://jitsi.org/json-encoded-sources"),
      .ssrc_rewriting = info.has_feature("http://jitsi.org/ssrc-rewriting-1"),
  };
}

}  // namespace cloister::focus::room
