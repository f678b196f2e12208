#include "focus/signalling/metrics_text.h"

#include <fmt/format.h>

namespace cloister::focus::signalling {

std::string metrics_text(const room::Counters& counters, const bridges::BridgeList& bridges, bool healthy) {
  std::string text;
  const auto write = [&text](const char* name, const char* kind, auto value) {
    fmt::format_to(std::back_inserter(text), "# TYPE jitsi_jicofo_{0} {1}\njitsi_jicofo_{0} {2}\n", name,
                   kind, value);
  };
  const auto total = [&write](const char* name, const Counter& value) {
    write(name, "counter", value.value());
  };
  total("conference_requests", counters.conference_requests);
  total("conferences_created", counters.conferences_created);
  write("conferences", "gauge", counters.conferences.value());
  total("participants", counters.participants);
  write("participants_current", "gauge", counters.participants_current.value());
  total("participants_invited", counters.invitations);
  total("participants_accepted", counters.accepted);
  total("participants_moved", counters.participants_moved);
  total("participants_ice_failed", counters.ice_failed);
  total("participants_restart_requested", counters.restarts_requested);
  total("participants_ice_restarts", counters.ice_restarts);
  total("bridges_removed", counters.bridges_removed);
  total("bridge_selection_failed", counters.no_bridge);
  write("bridge_selector_bridge_count", "gauge", bridges.size());
  write("bridge_selector_bridge_count_operational", "gauge", bridges.operational());
  write("bridge_selector_bridge_count_in_shutdown", "gauge", bridges.in_shutdown());
  write("bridge_selector_lost_bridges", "counter", bridges.lost());
  total("jingle_sent", counters.jingle_sent);
  total("jingle_received", counters.jingle_received);
  total("jingle_refused", counters.jingle_refused);
  total("mutes", counters.mutes);
  total("mutes_refused", counters.mutes_refused);
  total("xmpp_disconnects", counters.xmpp_disconnects);
  write("healthy", "gauge", healthy ? 1 : 0);
  return text;
}

}  // namespace cloister::focus::signalling
