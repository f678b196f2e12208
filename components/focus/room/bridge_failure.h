// What an error answer of a bridge means (protocol/focus.md §5.4), as two tables.
#pragma once

#include "xmpp/stanza_error.h"

namespace cloister::focus::room {

enum class BridgeMark : std::uint8_t { none, failed, graceful };

enum class Consequence : std::uint8_t {
  ignore,
  give_up,            // this invitation fails; asking again would not help
  reinvite_endpoint,  // the bridge does not know this one any more
  leave_bridge        // the conference leaves the bridge, everybody is invited anew
};

struct BridgeFailure {
  BridgeMark mark = BridgeMark::none;
  Consequence consequence = Consequence::ignore;
  friend bool operator==(const BridgeFailure&, const BridgeFailure&) = default;
};

BridgeFailure allocation_failure(const xmpp::StanzaError& error);
BridgeFailure update_failure(const xmpp::StanzaError& error);

}  // namespace cloister::focus::room
