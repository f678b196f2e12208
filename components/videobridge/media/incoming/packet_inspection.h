// What a packet says about itself outside the encrypted payload: header extensions, RTX, the codec's
// descriptor.
#pragma once

#include <optional>
#include <variant>

#include "base/result.h"
#include "videobridge/media/model/drop.h"
#include "videobridge/media/model/parsed_packet.h"

namespace cloister::videobridge::media {

// Fills in level and kept extensions; returns the transport-wide sequence number.
std::optional<std::uint16_t> inspect_extensions(const ExtensionMap& extensions, ParsedPacket& packet);

// Turns an RTX packet (RFC 4588 §4) into the one it repeats; `media` is the SSRC of that.
Result<std::monostate, Drop> unwrap_rtx(const PayloadMap& payloads, Ssrc media, ParsedPacket& packet);

// Fills in layer and key frame from the payload descriptor of codecs that we know.
Result<std::monostate, Drop> inspect_payload(ParsedPacket& packet);

}  // namespace cloister::videobridge::media
