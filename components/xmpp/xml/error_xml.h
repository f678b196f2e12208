// <error> of a stanza (RFC 6120 §8.3).
#pragma once

#include "xmpp/stanza_error.h"
#include "xmpp/xml/element.h"

namespace cloister::xmpp::xml {

// An unknown condition is read as undefined-condition.
StanzaError parse_error(const Element& error);
Element write_error(const StanzaError& error);

}  // namespace cloister::xmpp::xml
