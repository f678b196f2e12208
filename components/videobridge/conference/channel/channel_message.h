// The bridge channel's messages (protocol/bridge.md §8.5), JSON ↔ values. From a client everything unknown is
// passed over: fields, classes, nulls. What remains malformed is refused, and ignored by the caller; nothing
// closes the channel.
#pragma once

#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/ids.h"
#include "base/result.h"
#include "videobridge/bandwidth/receiver_settings.h"
#include "videobridge/media/model/source.h"

namespace cloister::videobridge::conference {

using bandwidth::ReceiverVideoConstraints;
using media::VideoType;

// Client → bridge.

struct ClientHello {};

// Legacy clients: the lastN of ReceiverVideoConstraints alone.
struct LastNChangedEvent {
  int last_n = bandwidth::kUnlimited;
};

// Which audio a receiver wants: excluded → no; included → yes; everything else → `all`. The older form with
// `mode` and `list` is turned into this one. Replaces what was asked before; before the first, `all` is true.
struct ReceiverAudioSubscription {
  bool all = true;
  std::vector<SourceName> include;
  std::vector<SourceName> exclude;

  bool wants(const SourceName& source) const;
};

struct SourceVideoTypeMessage {
  SourceName source;
  VideoType type = VideoType::camera;
};

// Deprecated: the type of the sender's first video source.
struct VideoTypeMessage {
  VideoType type = VideoType::camera;
};

// To one participant, or to all others when `to` is empty. `fields` is the whole message as it came; the
// bridge sets "from".
struct EndpointMessage {
  EndpointId to;
  boost::json::object fields;
};

struct EndpointStats {
  boost::json::object fields;
};

using ClientMessage =
    std::variant<ClientHello, ReceiverVideoConstraints, LastNChangedEvent, ReceiverAudioSubscription,
                 SourceVideoTypeMessage, VideoTypeMessage, EndpointMessage, EndpointStats>;

enum class MessageError : std::uint8_t {
  too_long,
  not_json,
  not_an_object,
  no_class,
  unknown_class,
  bad_field
};

inline constexpr std::size_t kMaxMessageBytes = 64 * 1024;

Result<ClientMessage, MessageError> parse_message(std::string_view text);

// Bridge → client. Each returns the text to send.

std::string write_server_hello();
// Sets "from" to the true sender.
std::string write_endpoint_message(boost::json::object fields, const EndpointId& from);
std::string write_sender_source_constraints(const SourceName& source, int max_height);
std::string write_forwarded_sources(std::span<const SourceName> sources);
std::string write_dominant_speaker(const EndpointId& speaker, std::span<const EndpointId* const> previous);
std::string write_connectivity_status(const EndpointId& endpoint, bool active);
std::string write_connection_stats(std::int64_t estimated_downlink_bps);

// One slot of a receiver's SSRC table (§9).
struct MappedSource {
  const SourceName& source;
  const EndpointId& owner;
  Ssrc ssrc{};
  Ssrc rtx{};                                // video only
  VideoType video_type = VideoType::camera;  // video only
  std::string_view mid;                      // empty: none
};
std::string write_sources_map(MediaKind kind, std::span<const MappedSource> mapped);

}  // namespace cloister::videobridge::conference
