#include "focus/room/relays.h"

#include <algorithm>
#include <utility>

namespace cloister::focus::room {

namespace colibri2 = xmpp::colibri2;

namespace {

// As the other side is told: who is which in DTLS is settled, and there is no WebSocket beside the data
// channel.
colibri2::Transport told(colibri2::Transport answered, const char* setup) {
  colibri2::Transport out;
  out.ice = std::move(answered.ice);
  out.ice->web_sockets.clear();
  for (xmpp::Fingerprint& fingerprint : out.ice->fingerprints) fingerprint.setup = setup;
  return out;
}

}  // namespace

void Relays::add(const std::string& bridge, const std::vector<colibri2::Media>& media) {
  if (!bridges_.try_emplace(bridge).second) return;
  for (const std::string& before : order_) {
    create(before, bridge, true, media);
    create(bridge, before, false, media);
  }
  order_.push_back(bridge);
}

void Relays::create(const std::string& on, const std::string& far, bool begins,
                    const std::vector<colibri2::Media>& media) {
  colibri2::Relay relay{.id = far, .mesh_id = "0", .create = true, .media = media};
  relay.transport = colibri2::Transport{.ice_controlling = begins,
                                        .use_unique_port = begins,
                                        .sctp = colibri2::Sctp{.role = begins ? "client" : "server"}};
  for (const auto& [id, sources] : bridges_[far].members)
    relay.endpoints.push_back({.id = id, .create = true, .sources = sources});
  bridges_[on].halves[far].request = tell(on, std::move(relay));
}

void Relays::remove(const std::string& bridge) {
  if (bridges_.erase(bridge) == 0) return;
  std::erase(order_, bridge);
  for (auto& [other, node] : bridges_) {
    node.halves.erase(bridge);
    tell(other, {.id = bridge, .expire = true});
  }
}

void Relays::set(const std::string& bridge, const EndpointId& endpoint, Sources sources) {
  const auto found = bridges_.find(bridge);
  if (found == bridges_.end()) return;
  const bool is_new = !found->second.members.contains(endpoint);
  Sources& known = found->second.members[endpoint];
  known = std::move(sources);
  mirror(bridge, {.id = endpoint, .create = is_new, .sources = known});
}

void Relays::expire(const std::string& bridge, const EndpointId& endpoint) {
  const auto found = bridges_.find(bridge);
  if (found == bridges_.end() || found->second.members.erase(endpoint) == 0) return;
  mirror(bridge, {.id = endpoint, .expire = true});
}

void Relays::mirror(const std::string& from, const colibri2::Endpoint& change) {
  for (const std::string& other : order_) {
    if (other == from) continue;
    colibri2::Relay relay{.id = from};
    relay.endpoints.push_back(change);
    tell(other, std::move(relay));
  }
}

RequestId Relays::tell(const std::string& bridge, colibri2::Relay relay) {
  Request request{.meeting_id = conference_.meeting, .rtcstats_enabled = conference_.rtcstats};
  request.relays.push_back(std::move(relay));
  return port_.ask(bridge, request);
}

void Relays::on_answer(const std::string& bridge, RequestId request,
                       const colibri2::ConferenceModified& answer) {
  const auto here = bridges_.find(bridge);
  if (here == bridges_.end()) return;
  for (const colibri2::RelayAnswer& relay : answer.relays) {
    const auto half = here->second.halves.find(relay.id);
    // Of a relay before this one, or nothing that can be used.
    if (half == here->second.halves.end() || half->second.request != request) continue;
    if (!relay.transport || !relay.transport->ice) continue;
    half->second.offered = *relay.transport;
    if (!bridges_[relay.id].halves[bridge].offered) continue;
    const bool begins = std::ranges::find(order_, bridge) < std::ranges::find(order_, relay.id);
    begins ? exchange(bridge, relay.id) : exchange(relay.id, bridge);
  }
}

void Relays::exchange(const std::string& initiator, const std::string& other) {
  const auto of_initiator = bridges_[initiator].halves.extract(other);
  const auto of_other = bridges_[other].halves.extract(initiator);
  tell(initiator, {.id = other, .transport = told(*of_other.mapped().offered, "active")});
  tell(other, {.id = initiator, .transport = told(*of_initiator.mapped().offered, "passive")});
}

}  // namespace cloister::focus::room
