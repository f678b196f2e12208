// What an IQ carries, as values. Together with jingle.h, colibri2.h, disco.h this is all that code outside
// this folder sees of XML. A payload that we do not know never reaches a handler: the session answers it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "xmpp/colibri2.h"
#include "xmpp/disco.h"
#include "xmpp/jid.h"
#include "xmpp/jingle.h"
#include "xmpp/muc.h"
#include "xmpp/stanza_error.h"

namespace cloister::xmpp {

// A result without content: "received", "done".
struct Empty {};

// XEP-0199.
struct Ping {};

// <healthcheck xmlns='http://jitsi.org/protocol/healthcheck'/>, answered with Empty (bridge.md §1.3).
struct HealthCheck {};

// XEP-0092.
struct VersionQuery {};
struct Version {
  std::string name{};
  std::string version{};
  std::string os{};
};

// disco#info; answered with DiscoInfo.
struct DiscoInfoQuery {
  std::string node{};
};

// <conference xmlns='http://jitsi.org/protocol/focus'> as request (focus.md §2.1). Absent attributes are
// empty.
struct ConferenceRequest {
  std::optional<Jid> room{};  // absent: missing, not an address, or not a bare one
  Personal<std::string> machine_uid{};
  Personal<std::string> session_id{};
  Personal<std::string> token{};
  std::map<std::string, std::string> properties{};
};

// … and as answer. Empty fields are not written.
struct ConferenceAnswer {
  Jid room{};
  bool ready = false;
  Jid focus_jid{};  // bare
  Personal<std::string> session_id{};
  Personal<std::string> identity{};
  std::string vnode{};
  std::map<std::string, std::string> properties{};
};

// Where a host signs in with a browser (focus.md §2.4); answered with LoginUrl.
struct LoginUrlQuery {
  std::optional<Jid> room{};
  Personal<std::string> machine_uid{};
};
struct LoginUrl {
  Jid room{};  // the address that is written is the room's page, which asks for name and password
};

// Ends a host's session (focus.md §2.4).
struct Logout {
  Personal<std::string> session_id{};
};

// Who came to a room's door since the last one of these, by network: from our module at the server, of the
// room itself (<crowd xmlns='urn:cloister:crowd:0'>). A tag says which networks are the same, not which.
struct Crowd {
  struct Network {
    std::string tag{};
    std::uint32_t joins = 0;
  };
  std::vector<Network> networks{};
};
// The addresses from which newcomers came to a room more often than this within so many seconds; nobody's who
// leads or was admitted. Asked of the room, only to ban them; answered with CrowdSources.
struct CrowdSourcesQuery {
  std::uint32_t joins = 0;
  std::uint32_t seconds = 0;
};
struct CrowdSources {
  std::vector<Personal<std::string>> addresses{};
};

// <mute> (focus.md §7.1), in both directions: from a client `target`, to a client `actor`.
struct Mute {
  enum class What : std::uint8_t { audio, video, desktop };
  What what = What::audio;
  bool muted = true;
  std::optional<Jid> target{};  // attribute `jid`; required from a client: the focus checks
  std::optional<Jid> actor{};
};

// Room configuration by its owner (XEP-0045 §10.2): Get → MucOwnerForm; submit → Empty.
struct MucOwnerQuery {};
struct MucOwnerForm {
  DataForm form{};
};
struct MucOwnerSubmit {
  DataForm form{};
};

// The end of a room for all who are in it (XEP-0045 §10.9); by its owner.
struct MucDestroy {
  std::string reason{};
  std::optional<Jid> alternative{};
};

// One item of muc#admin (XEP-0045 §9): an affiliation for a bare real address, or a role for a nick (none:
// kick).
struct MucAdmin {
  std::optional<Affiliation> affiliation{};
  Jid jid{};
  std::optional<Role> role{};
  EndpointId nick{};
  std::string reason{};
};

enum class IqType : std::uint8_t { get, set };

// What we ask or are asked.
using IqRequest =
    std::variant<Ping, HealthCheck, VersionQuery, DiscoInfoQuery, ConferenceRequest, jingle::Jingle,
                 colibri2::ConferenceModify, Mute, MucOwnerQuery, MucOwnerSubmit, MucAdmin, MucDestroy,
                 LoginUrlQuery, Logout, Crowd, CrowdSourcesQuery>;
// What is answered.
using IqAnswer = std::variant<Empty, Version, DiscoInfo, ConferenceAnswer, colibri2::ConferenceModified,
                              MucOwnerForm, LoginUrl, CrowdSources>;

// `set` for what changes something, `get` for questions. conference-modify goes as `set` (bridge.md §2).
IqType usual_iq_type(const IqRequest& request);

}  // namespace cloister::xmpp
