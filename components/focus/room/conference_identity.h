// What a conference is, besides its members.
#pragma once

#include "base/ids.h"
#include "xmpp/jid.h"

namespace cloister::focus::room {

struct ConferenceIdentity {
  xmpp::Jid room{};      // bare
  xmpp::Jid focus{};     // our real full address
  MeetingId meeting{};   // its key on the bridge; known when the room is open
  bool rtcstats = true;  // false: the client asked the bridge to keep none
};

}  // namespace cloister::focus::room
