// The payload of an IQ as XML: one table for what may be asked, one for what may be answered.
#pragma once

#include "base/result.h"
#include "xmpp/stanzas.h"
#include "xmpp/xml/element.h"

namespace cloister::xmpp::xml {

// Unknown payload → service-unavailable; known with a wrong shape or the wrong IQ type → bad-request.
Result<IqRequest, StanzaError> parse_request(const Element& payload, IqType type);
Element write_request(const IqRequest& request);

// The payload of a result, null when there is none. One that we do not know is read as Empty: who wants more
// finds that the answer is not what was asked for.
Result<IqAnswer, StanzaError> parse_answer(const Element* payload);
// Nothing for Empty.
std::optional<Element> write_answer(const IqAnswer& answer);

}  // namespace cloister::xmpp::xml
