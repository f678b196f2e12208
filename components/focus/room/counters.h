// Anonymous totals of all conferences of this process. Focus thread.
#pragma once

#include "base/metrics.h"

namespace cloister::focus::room {

struct Counters {
  Counter conference_requests, conferences_created;
  Counter participants;  // members that came
  Counter invitations, accepted, restarts_requested, ice_restarts, ice_failed;
  Counter participants_moved, bridges_removed, no_bridge;
  Counter jingle_sent, jingle_received, jingle_refused, mutes, mutes_refused;
  Counter xmpp_disconnects;
  Gauge conferences, participants_current;
};

}  // namespace cloister::focus::room
