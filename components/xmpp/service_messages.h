// Messages between clients and the services beside a room: AV moderation, room metadata, … (protocol/focus.md
// §1.6, §7.3). Values only; JSON stays text here.
#pragma once

#include <optional>
#include <string>
#include <variant>

#include "base/personal.h"
#include "xmpp/jid.h"

namespace cloister::xmpp {

// <json-message xmlns='http://jitsi.org/jitmeet' room='…'>: what services say, and how polls are asked.
struct JsonMessage {
  std::optional<Jid> room{};
  Personal<std::string> text{};
  friend bool operator==(const JsonMessage&, const JsonMessage&) = default;
};

// <av_moderation enable='true' mediaType='audio'/>, or with jidToWhitelist, jidToBlacklist.
struct AvModerationCommand {
  std::string media_type{};  // "audio", "video", "desktop"; anything else is for the service to refuse
  std::optional<bool> enable{};
  std::optional<Jid> allow{};
  std::optional<Jid> block{};
  friend bool operator==(const AvModerationCommand&, const AvModerationCommand&) = default;
};

// <room_metadata xmlns='http://jitsi.org/jitmeet' room='…'>{"key":…,"data":…}</room_metadata>
struct RoomMetadataCommand {
  std::optional<Jid> room{};
  std::string text{};
  friend bool operator==(const RoomMetadataCommand&, const RoomMetadataCommand&) = default;
};

// <speakerstats xmlns='http://jitsi.org/jitmeet' room='…' silence='true'/>: its sender speaks, or stopped.
struct DominantSpeakerReport {
  std::optional<Jid> room{};
  bool silence = false;
  friend bool operator==(const DominantSpeakerReport&, const DominantSpeakerReport&) = default;
};

// <end_conference/>
struct EndConferenceCommand {
  friend bool operator==(const EndConferenceCommand&, const EndConferenceCommand&) = default;
};

// <breakout_rooms type='features/breakout-rooms/add' …/>
struct BreakoutCommand {
  enum class Action : std::uint8_t { add, remove, rename, move };
  Action action = Action::add;
  Personal<std::string> subject{};     // of add, rename
  std::optional<Jid> breakout_room{};  // of remove, rename
  std::optional<Jid> participant{};    // of move: a real or an occupant's address
  std::optional<Jid> room{};           // of move: where to
  friend bool operator==(const BreakoutCommand&, const BreakoutCommand&) = default;
};

using ServiceContent = std::variant<JsonMessage, AvModerationCommand, RoomMetadataCommand,
                                    DominantSpeakerReport, EndConferenceCommand, BreakoutCommand>;

struct ServiceMessage {
  Jid from{};
  Jid to{};
  std::string id{};
  ServiceContent content{};
};

}  // namespace cloister::xmpp
