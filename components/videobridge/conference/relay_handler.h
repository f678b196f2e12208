// The relays of one <conference-modify> applied to their conference (protocol/bridge.md §11). Shard thread.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "videobridge/conference/conference.h"
#include "xmpp/colibri2.h"
#include "xmpp/stanza_error.h"

namespace cloister::videobridge::conference {

class RelayHandler {
public:
  // `ports` may be none: then relays share the participants' port.
  RelayHandler(Conference& conference, RelayPorts* ports, TimePoint now)
      : conference_(conference), ports_(ports), now_(now) {}

  // `relays` are without fault in themselves (find_fault). Adds their answers; on an error part of it may
  // have been done.
  std::optional<xmpp::StanzaError> apply(const std::vector<xmpp::colibri2::Relay>& relays,
                                         xmpp::colibri2::ConferenceModified& answer);

private:
  using Answer = xmpp::colibri2::RelayAnswer;

  Result<Answer, xmpp::StanzaError> apply(const xmpp::colibri2::Relay& request);
  Result<Answer, xmpp::StanzaError> create(const xmpp::colibri2::Relay& request);
  void update(Relay& relay, const xmpp::colibri2::Relay& request);

  Conference& conference_;
  RelayPorts* const ports_;
  const TimePoint now_;
};

}  // namespace cloister::videobridge::conference
