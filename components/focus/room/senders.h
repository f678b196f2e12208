// How many members send sound or pictures right now, as their presence says (protocol/focus.md §3.5).
#pragma once

#include "xmpp/muc.h"

namespace cloister::focus::room {

struct Sending {
  bool audio = false;
  bool video = false;    // of any kind
  bool desktop = false;  // a shared screen among it
  friend bool operator==(const Sending&, const Sending&) = default;
};

// From <SourceInfo>, else from <audiomuted> and <videomuted>; a member that says nothing sends nothing.
Sending sending(const xmpp::MucPresence& presence);

}  // namespace cloister::focus::room
