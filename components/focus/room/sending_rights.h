// What a client offers to send, compared with what it may.
#pragma once

#include <functional>

#include "focus/rights/rights.h"
#include "xmpp/jingle.h"

namespace cloister::focus::room {

// Takes the sources out of a request that its sender has no right to; whether there were any.
bool take_out(xmpp::jingle::Jingle& jingle, const std::function<bool(rights::Right)>& may);

}  // namespace cloister::focus::room
