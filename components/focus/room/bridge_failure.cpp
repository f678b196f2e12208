#include "focus/room/bridge_failure.h"

namespace cloister::focus::room {

using Origin = xmpp::StanzaError::Origin;
using xmpp::ErrorCondition;
using xmpp::colibri2::ErrorReason;

BridgeFailure allocation_failure(const xmpp::StanzaError& error) {
  if (error.origin == Origin::offline) return {};
  if (error.origin == Origin::timeout) return {BridgeMark::failed, Consequence::leave_bridge};
  if (error.origin == Origin::strange_answer) return {BridgeMark::failed, Consequence::give_up};
  const auto says = [&error](ErrorReason reason) { return error.colibri && error.colibri->reason == reason; };
  switch (error.condition) {
    case ErrorCondition::bad_request: return {BridgeMark::none, Consequence::give_up};
    case ErrorCondition::item_not_found:
      // Without the bridge's own word it is the room that says: no such occupant.
      return {BridgeMark::none,
              says(ErrorReason::conference_not_found) ? Consequence::leave_bridge : Consequence::give_up};
    case ErrorCondition::conflict: return {BridgeMark::none, Consequence::leave_bridge};
    case ErrorCondition::service_unavailable:
      if (says(ErrorReason::graceful_shutdown)) return {BridgeMark::graceful, Consequence::leave_bridge};
      return {BridgeMark::failed, Consequence::leave_bridge};
    default: return {BridgeMark::failed, Consequence::leave_bridge};
  }
}

BridgeFailure update_failure(const xmpp::StanzaError& error) {
  if (error.origin != Origin::peer) return {};
  if (error.colibri && error.colibri->reason == ErrorReason::unknown_endpoint && error.colibri->endpoint)
    return {BridgeMark::none, Consequence::reinvite_endpoint};
  return {BridgeMark::none, Consequence::leave_bridge};
}

}  // namespace cloister::focus::room
