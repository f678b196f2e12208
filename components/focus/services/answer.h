// What a service answers a message: done, or refused with a stanza error that changes nothing.
#pragma once

#include "base/result.h"
#include "xmpp/stanza_error.h"
#include "xmpp/stanzas.h"

namespace cloister::focus::services {

using Answer = Result<xmpp::Empty, xmpp::ErrorCondition>;

inline Answer done() { return xmpp::Empty{}; }
inline Answer refuse(xmpp::ErrorCondition condition) { return fail(condition); }

}  // namespace cloister::focus::services
