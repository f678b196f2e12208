// One conference on one bridge: what it holds there, and the requests about it (protocol/focus.md §5). Makes
// requests in the order in which they must be sent; sends nothing itself.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/ids.h"
#include "focus/room/conference_identity.h"
#include "xmpp/colibri2.h"
#include "xmpp/jingle.h"

namespace cloister::focus::room {

struct Allocation {
  EndpointId endpoint{};
  Personal<std::string> stats_id{};
  std::vector<xmpp::colibri2::Media> media{};
  bool data = false;
  bool ssrc_rewriting = false;
  xmpp::colibri2::ForceMute force_mute{};
};

// What changes of an endpoint; what is absent stays.
struct Update {
  std::optional<xmpp::IceUdpTransport> transport{};
  std::optional<xmpp::jingle::OwnedSources> sources{};  // the whole set
  std::optional<int> initial_last_n{};
  std::vector<xmpp::colibri2::Media> declined{};  // header extensions that the client does not use
};

// What the bridge drops of whom.
using ForceMutes = std::map<EndpointId, xmpp::colibri2::ForceMute>;

class BridgeSession {
public:
  using Request = xmpp::colibri2::ConferenceModify;

  BridgeSession(xmpp::Jid bridge, ConferenceIdentity conference, std::string relay_id = {});

  const xmpp::Jid& bridge() const { return bridge_; }
  // By which other bridges know it; empty: it does not relay.
  const std::string& relay_id() const { return relay_id_; }
  // Random, one per conference and bridge; clients know it as `bridge-session`.
  const std::string& id() const { return id_; }
  bool holds_nobody() const { return endpoints_.empty(); }
  std::size_t size() const { return endpoints_.size(); }

  // Only the first one creates the conference, also when its answer is still awaited (checklist 140, 141).
  Request allocate(const Allocation& allocation);
  Request update(const EndpointId& endpoint, Update update) const;
  Request force_mute(const ForceMutes& members) const;
  Request restart_ice(const EndpointId& endpoint) const;
  // Of the whole conference when nobody else is left.
  Request expire(const EndpointId& endpoint);
  Request expire_all();

private:
  Request request() const;

  xmpp::Jid bridge_;
  std::string relay_id_;
  ConferenceIdentity conference_;
  std::string id_;
  bool created_ = false;
  std::set<EndpointId> endpoints_;
};

// Colibri's form of a participant's sources: by name, without msids.
std::vector<xmpp::colibri2::MediaSource> media_sources(const xmpp::jingle::OwnedSources& sources);
// The bridge's feedback sources as clients are told of them.
xmpp::jingle::OwnedSources feedback_sources(const std::vector<xmpp::colibri2::MediaSource>& sources);

}  // namespace cloister::focus::room
