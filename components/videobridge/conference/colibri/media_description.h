// Codecs and sources, signalling → media layer (protocol/bridge.md §2.5).
#pragma once

#include <span>
#include <vector>

#include "videobridge/media/model/payload_map.h"
#include "videobridge/media/model/source.h"
#include "videobridge/transport/srtp/header_cipher.h"
#include "xmpp/colibri2.h"

namespace cloister::videobridge::conference {

// What an endpoint negotiated, growing with each <media>: nothing is ever taken away.
struct NegotiatedMedia {
  media::PayloadMap payloads;
  media::ExtensionMap extensions;
  transport::ExtensionIds encrypted_extensions;  // negotiated in their encrypted form (RFC 6904 §5)
  bool accepts_audio = false;                    // at least one payload type of the kind
  bool accepts_video = false;
  bool has_rtx = false;
  bool has_transport_cc = false;  // feedback on video
  bool constant_bitrate_audio =
      false;  // Opus with cbr=1 (RFC 7587 §6.1): silence is not to be told from speech

  void add(const xmpp::colibri2::Media& media);
};

// SSRCs of a SIM group in listed order are the encodings, low → high; without one every SSRC that is no
// other's RTX or FEC. FID pairs say which RTX belongs to which. Sources without SSRC or with a repeated name
// are left out.
std::vector<media::SourceDescription> to_sources(std::span<const xmpp::colibri2::MediaSource> signalled);

}  // namespace cloister::videobridge::conference
