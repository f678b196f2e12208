// Colibri2, what a focus asks of a bridge (protocol/bridge.md §2, focus.md §5). Namespace jitsi:colibri2.
// Values only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "xmpp/jid.h"
#include "xmpp/rtp_description.h"

namespace cloister::xmpp::colibri2 {

struct Media {
  MediaKind kind = MediaKind::audio;
  std::vector<PayloadType> payload_types{};
  std::vector<HeaderExtension> header_extensions{};
  bool extmap_allow_mixed = false;
};

struct Sctp {
  std::optional<std::uint16_t> port{};
  std::string role{};  // "client", "server" or empty
};

// The outer <transport> of an endpoint.
struct Transport {
  bool ice_controlling = false;
  bool use_unique_port = false;
  bool ice_restart = false;
  std::optional<IceUdpTransport> ice{};
  std::optional<Sctp> sctp{};
};

struct MediaSource {
  MediaKind kind = MediaKind::audio;
  SourceName id{};
  std::vector<Source> sources{};  // may be empty when only groups are listed
  std::vector<SourceGroup> groups{};
};

struct ForceMute {
  bool audio = false;
  bool video = false;
  friend bool operator==(const ForceMute&, const ForceMute&) = default;
};

struct Endpoint {
  EndpointId id{};
  bool create = false;
  bool expire = false;
  Personal<std::string> stats_id{};
  std::string muc_role{};  // "visitor" changes behaviour
  std::vector<std::string> capabilities{};
  std::vector<Media> media{};
  std::optional<Transport> transport{};
  std::optional<std::vector<MediaSource>> sources{};  // present: replaces all
  std::optional<ForceMute> force_mute{};
  std::optional<int> initial_last_n{};
};

// A path to another bridge of the same conference (bridge.md §11).
struct Relay {
  std::string id{};  // of the other bridge
  std::string mesh_id{};
  bool create = false;
  bool expire = false;
  std::vector<Media> media{};  // for all that is relayed
  std::optional<Transport> transport{};
  std::vector<Endpoint> endpoints{};  // behind it: new ones, changed ones, and those that are gone
};

// <conference-modify>. Connects (media export) are counted, not parsed.
struct ConferenceModify {
  MeetingId meeting_id{};
  std::optional<Personal<std::string>> name{};  // as sent; the handler checks that it is a bare JID
  bool create = false;
  bool expire = false;
  bool rtcstats_enabled = true;
  std::vector<Endpoint> endpoints{};
  std::vector<Relay> relays{};
  std::size_t connects = 0;
};

struct EndpointAnswer {
  EndpointId id{};
  bool expire = false;
  std::optional<Transport> transport{};
};

struct RelayAnswer {
  std::string id{};
  bool expire = false;
  std::optional<Transport> transport{};
};

// <conference-modified>.
struct ConferenceModified {
  std::vector<EndpointAnswer> endpoints{};
  std::vector<RelayAnswer> relays{};
  std::vector<MediaSource> sources{};  // the bridge's feedback sources
};

// reason attribute of <error xmlns='jitsi:colibri2'> (bridge.md §2.6).
enum class ErrorReason : std::uint8_t {
  conference_not_found,
  conference_already_exists,
  feature_not_implemented,
  graceful_shutdown,
  unknown_endpoint,
  unspecified,
};

struct Error {
  ErrorReason reason = ErrorReason::unspecified;
  std::optional<EndpointId> endpoint{};
};

}  // namespace cloister::xmpp::colibri2
