// What two bridges of one conference tell each other (protocol/bridge.md §11), JSON ↔ values. As with
// clients, what is unknown is passed over and what is malformed refused.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include "videobridge/conference/channel/channel_message.h"

namespace cloister::videobridge::conference {

struct RelayHello {};  // ServerHello or ClientHello: nothing to learn from it

// Behind the other bridge somebody wants so much of a source of ours; replaces what it wanted before.
struct AddReceiver {
  SourceName source;
  bandwidth::VideoConstraints constraints;
};

// Behind the other bridge nobody wants video of this participant any more.
struct RemoveReceiver {
  EndpointId endpoint;
};

struct RelayedVideoType {
  EndpointId owner;
  SourceVideoTypeMessage message;
};

struct ConnectivityStatus {
  EndpointId endpoint;
  bool active = true;
};

// `from` is who said it, as the other bridge makes sure of.
struct RelayedMessage {
  EndpointId from;
  EndpointMessage message;
};
struct RelayedStats {
  EndpointId from;
  EndpointStats message;
};

using RelayMessage = std::variant<RelayHello, AddReceiver, RemoveReceiver, RelayedVideoType,
                                  ConnectivityStatus, RelayedMessage, RelayedStats>;

Result<RelayMessage, MessageError> parse_relay_message(std::string_view text);

// Each returns the text to send. `bridge` is our own relay id; the messages that clients get as well are
// written as for them (channel_message.h).
std::string write_add_receiver(std::string_view bridge, const SourceName& source, int max_height);
std::string write_source_video_type(const EndpointId& owner, const SourceName& source, VideoType type);

}  // namespace cloister::videobridge::conference
