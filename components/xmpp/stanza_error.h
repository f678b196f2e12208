// Why an IQ or a join failed (RFC 6120 §8.3), with the application conditions that focus and bridge know.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "xmpp/colibri2.h"

namespace cloister::xmpp {

// RFC 6120 §8.3.3.
enum class ErrorCondition : std::uint8_t {
  bad_request,
  conflict,
  feature_not_implemented,
  forbidden,
  gone,
  internal_server_error,
  item_not_found,
  jid_malformed,
  not_acceptable,
  not_allowed,
  not_authorized,
  policy_violation,
  recipient_unavailable,
  redirect,
  registration_required,
  remote_server_not_found,
  remote_server_timeout,
  resource_constraint,
  service_unavailable,
  subscription_required,
  undefined_condition,
  unexpected_request,
};

enum class ErrorType : std::uint8_t { auth, cancel, continue_, modify, wait };

// The type that RFC 6120 §8.3.3 recommends for a condition.
ErrorType usual_type(ErrorCondition condition);

struct StanzaError {
  // Who says so. Only `peer` travels.
  enum class Origin : std::uint8_t {
    peer,           // an error stanza came (from the addressee or from the server in its name)
    timeout,        // no answer in time
    offline,        // not connected, or the stream was lost before the answer
    strange_answer  // a result came, but not of the kind asked for, or not readable
  };

  ErrorCondition condition = ErrorCondition::undefined_condition;
  std::string text{};
  std::optional<ErrorType> type{};  // absent: usual_type() when written
  // <error xmlns='jitsi:colibri2'>: the bridge itself speaks (bridge.md §2.6).
  std::optional<colibri2::Error> colibri{};
  bool session_invalid = false;  // <session-invalid xmlns='http://jitsi.org/protocol/focus'>
  bool unknown_session = false;  // <unknown-session xmlns='urn:xmpp:jingle:errors:1'>
  Origin origin = Origin::peer;
};

}  // namespace cloister::xmpp
