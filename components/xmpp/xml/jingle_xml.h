// Jingle as XML, both ways (focus.md §4).
#pragma once

#include "xmpp/jingle.h"
#include "xmpp/xml/element.h"

namespace cloister::xmpp::xml {

// Everything is optional; what is missing or unreadable is left empty for the focus to judge.
jingle::Jingle parse_jingle(const Element& element);
Element write_jingle(const jingle::Jingle& value);

}  // namespace cloister::xmpp::xml
