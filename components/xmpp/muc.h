// What a room says and is told (XEP-0045 with protocol/focus.md §3, §6.1). Values only; muc_room.h does the
// talking.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/personal.h"
#include "xmpp/disco.h"
#include "xmpp/jid.h"
#include "xmpp/rtp_description.h"
#include "xmpp/stanza_error.h"

namespace cloister::xmpp {

// Ordered by power.
enum class Affiliation : std::uint8_t { outcast, none, member, admin, owner };
enum class Role : std::uint8_t { none, visitor, participant, moderator };

// One entry of <SourceInfo> (focus.md §3.5).
struct SourceState {
  MediaKind kind = MediaKind::audio;
  bool muted = true;
  VideoType video_type = VideoType::camera;
  friend bool operator==(const SourceState&, const SourceState&) = default;
};

// <destroy> (XEP-0045 §10.9).
struct RoomDestroyed {
  std::string reason{};
  std::optional<Jid> alternative{};
};

// A presence from a room: of an occupant (available or not), or the refusal of our own.
struct MucPresence {
  Jid occupant{};     // room@service/nick
  EndpointId nick{};  // = resource, byte for byte
  bool available = true;
  std::optional<StanzaError> error{};  // type='error': the join or change was refused

  std::optional<Jid> real_jid{};
  Affiliation affiliation = Affiliation::none;
  Role role = Role::none;
  std::vector<int> status{};  // XEP-0045 §15.6: 110 self, 201 created, 301 banned, 307 kicked, …
  std::optional<EndpointId> new_nick{};  // with status 303
  std::optional<RoomDestroyed> destroyed{};

  std::optional<Caps> caps{};
  std::optional<std::map<SourceName, SourceState>> sources{};  // absent: no (readable) <SourceInfo>
  std::optional<bool> audio_muted{};
  std::optional<bool> video_muted{};
  Personal<std::string> stats_id{};
  std::string region{};
  Personal<std::string> display_name{};        // as its owner calls itself; any text
  std::vector<std::string> codecs{};           // lower case, in the order of preference
  std::vector<std::string> features{};         // <features><feature var/>
  std::string status_text{};                   // "switch_room"
  std::map<std::string, std::string> stats{};  // a bridge's <stats>; empty: none (focus.md §6.1)

  bool has_status(int code) const;
  bool is_self() const { return has_status(110); }
};

// All that our own presence in a room says. Each update replaces what was said before.
struct MucSelfPresence {
  std::optional<Caps> caps{};
  std::map<std::string, std::string> conference_properties{};
  std::map<std::string, std::string> versions{};  // component → version
  bool bridge_not_available = false;
  std::optional<Personal<std::string>> etherpad{};
  std::map<std::string, std::string> stats{};  // a bridge's, empty: not written
};

}  // namespace cloister::xmpp
