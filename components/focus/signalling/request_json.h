// A conference request over HTTP (protocol/focus.md §2.5): JSON ↔ values.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "xmpp/stanzas.h"

namespace cloister::focus::signalling {

enum class RequestJsonError : std::uint8_t { not_json, not_an_object };

// Unknown fields are ignored; numbers and booleans among the properties become their text. A room that is no
// bare address is absent, as in the XMPP form.
Result<xmpp::ConferenceRequest, RequestJsonError> parse_request_json(std::string_view text);

// Empty fields are left out; `properties` is always there (checklist 35).
std::string write_answer_json(const xmpp::ConferenceAnswer& answer);

}  // namespace cloister::focus::signalling
