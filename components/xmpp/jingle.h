// Jingle between focus and participant (XEP-0166 with protocol/focus.md §4). Values only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "xmpp/jid.h"
#include "xmpp/rtp_description.h"

namespace cloister::xmpp::jingle {

enum class Action : std::uint8_t {
  session_initiate,
  session_accept,
  session_info,
  session_terminate,
  source_add,
  source_remove,
  transport_info,
  transport_accept,
  transport_reject,
  unknown,  // named in Jingle::action_text
};

enum class ContentKind : std::uint8_t { audio, video, data };

struct Content {
  ContentKind kind = ContentKind::audio;  // from description@media, else from the content's name
  std::string name{};
  std::string creator{};  // "initiator" or "responder"
  std::string senders = "both";
  bool has_description = false;  // false: only a transport (transport-info)
  std::optional<std::uint32_t> max_ptime{};
  std::vector<PayloadType> payload_types{};
  std::vector<HeaderExtension> header_extensions{};
  bool extmap_allow_mixed = false;
  bool rtcp_mux = false;
  std::vector<Source> sources{};
  std::vector<SourceGroup> groups{};
  std::optional<int> initial_last_n{};
  std::optional<IceUdpTransport> transport{};
};

// <bridge-session xmlns='http://jitsi.org/protocol/focus'>
struct BridgeSession {
  std::string id{};
  std::string region{};
  std::optional<bool> restart{};
  bool ice_restart = false;
};

struct Reason {
  std::string condition{};  // "success", "expired", "connectivity-error", "general-error", "gone"
  std::string text{};
};

// Sources of one owner, as in Jitsi's compact JSON form (focus.md §4.3).
struct OwnedSources {
  std::vector<Source> video{};
  std::vector<SourceGroup> video_groups{};
  std::vector<Source> audio{};
  std::vector<SourceGroup> audio_groups{};
};

struct Jingle {
  Action action = Action::unknown;
  std::string action_text{};  // as received; empty: attribute missing
  std::string sid{};
  Jid initiator{};
  Jid responder{};
  std::vector<Content> contents{};
  std::vector<std::string> bundle{};  // content names of the BUNDLE group; empty: none
  std::optional<BridgeSession> bridge_session{};
  std::optional<std::string> ice_state{};  // "failed"
  std::optional<Reason> reason{};
  std::optional<bool> start_audio_muted{};  // <startmuted>, written only when one is true
  std::optional<bool> start_video_muted{};
  // owner → sources, written as <json-message>; "jvb" owns the bridge's feedback sources.
  std::optional<std::map<std::string, OwnedSources>> json_sources{};
};

}  // namespace cloister::xmpp::jingle
