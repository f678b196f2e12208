// Messages of the services beside a room as XML (focus.md §1.6, §7.3; client.md §18, §21).
#pragma once

#include <optional>

#include "xmpp/service_messages.h"
#include "xmpp/stanza_error.h"
#include "xmpp/xml/element.h"

namespace cloister::xmpp::xml {

// The longest JSON text that is taken from outside, in bytes; no service takes more.
inline constexpr std::size_t kLongestJson = 16384;

// Nothing for an error, for chat, and for what is no message of a service. The first child that is one
// counts.
std::optional<ServiceMessage> parse_service_message(const Element& message);

// Without `type` and without body, as clients expect it of a service. Only JsonMessage is ever said by us.
Element write_json_message(const Jid& from, const Jid& to, const JsonMessage& content);

// The error to a message that was refused: from whom it was sent to.
Element write_refusal(const ServiceMessage& refused, const StanzaError& error);

}  // namespace cloister::xmpp::xml
