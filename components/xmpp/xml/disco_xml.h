// disco#info, data forms and caps as XML.
#pragma once

#include "xmpp/disco.h"
#include "xmpp/xml/element.h"

namespace cloister::xmpp::xml {

DataForm parse_form(const Element& x);
Element write_form(const DataForm& form);

DiscoInfo parse_disco_info(const Element& query);
Element write_disco_info(const DiscoInfo& info);

Caps parse_caps(const Element& c);
Element write_caps(const Caps& caps);

}  // namespace cloister::xmpp::xml
