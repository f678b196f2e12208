// gloox's trees as ours.
#pragma once

#include "xmpp/xml/element.h"

namespace gloox {
class Tag;
}

namespace cloister::xmpp::stream {

// Resolves namespaces; a stanza's own (jabber:component:accept, none) becomes jabber:client.
xml::Element to_element(const gloox::Tag& tag);

}  // namespace cloister::xmpp::stream
