#include "world/sim_mesh.h"

#include "base/assert.h"

namespace cloister::sim {
namespace {

using namespace xmpp::colibri2;

// The transport of one side as the other is told: who is which in DTLS is settled.
Transport told(const Transport& answered, const char* setup) {
  Transport out;
  out.ice = answered.ice;
  for (xmpp::Fingerprint& fingerprint : out.ice->fingerprints) fingerprint.setup = setup;
  return out;
}

}  // namespace

std::size_t SimMesh::place_of(const EndpointId& endpoint) const {
  const auto found = places_.find(endpoint);
  return found == places_.end() ? 0 : found->second;
}

std::optional<ModifyResult> SimMesh::modify(std::size_t bridge, const ConferenceModify& request) {
  if (bridges_[bridge]->is_dead()) return std::nullopt;
  return bridges_[bridge]->modify(request);
}

ModifyResult SimMesh::modify(const ConferenceModify& request) {
  if (bridges_.size() == 1) return bridges_.front()->modify(request);
  if (request.endpoints.empty()) {
    ConferenceModify end = request;
    for (const auto& [bridge, members] : meetings_[request.meeting_id].members)
      if (!bridges_[bridge]->is_dead()) ASSERT(bridges_[bridge]->modify(end));
    meetings_.erase(request.meeting_id);
    return ConferenceModified{};
  }
  ConferenceModified answer;
  for (const Endpoint& endpoint : request.endpoints) {
    auto part = modify_one(request, endpoint);
    if (!part) return part;
    answer.endpoints.insert(answer.endpoints.end(), part->endpoints.begin(), part->endpoints.end());
    answer.sources = part->sources;
  }
  return answer;
}

ModifyResult SimMesh::modify_one(const ConferenceModify& request, const Endpoint& endpoint) {
  const std::size_t bridge = place_of(endpoint.id);
  if (bridges_[bridge]->is_dead()) return ConferenceModified{.endpoints = {{.id = endpoint.id}}};
  Meeting& meeting = meetings_[request.meeting_id];
  ConferenceModify part = request;
  part.endpoints = {endpoint};
  part.create = !meeting.members.contains(bridge);
  if (part.create) part.name = Personal<std::string>("room@conference.test");
  auto answer = bridges_[bridge]->modify(part);
  if (!answer) return answer;
  if (!endpoint.media.empty()) meeting.media = endpoint.media;
  auto& members = meeting.members[bridge];
  endpoint.expire ? (void)members.erase(endpoint.id) : (void)members[endpoint.id];
  if (endpoint.sources) members[endpoint.id] = *endpoint.sources;
  if (part.create)
    for (const auto& [other, there] : meeting.members)
      if (other != bridge) connect(request, meeting, std::min(bridge, other), std::max(bridge, other));
  if (members.empty())
    leave(request, meeting, bridge);
  else
    mirror(request, meeting, bridge,
           {.id = endpoint.id,
            .create = endpoint.create,
            .expire = endpoint.expire,
            .sources = endpoint.sources});
  return answer;
}

RelayAnswer SimMesh::relay(const MeetingId& meeting, std::size_t on, Relay relay) {
  ConferenceModify request{.meeting_id = meeting};
  request.relays.push_back(std::move(relay));
  const auto answer = bridges_[on]->modify(request);
  ASSERT(answer && answer->relays.size() == 1);
  return answer->relays.front();
}

// `a` begins: it is controlling, has a port of its own and opens the channel.
void SimMesh::connect(const ConferenceModify& request, Meeting& meeting, std::size_t a, std::size_t b) {
  const auto create = [&](std::size_t on, std::size_t far, bool begins) {
    Relay one{.id = bridges_[far]->relay_id(), .mesh_id = "0", .create = true, .media = meeting.media};
    one.transport = Transport{.ice_controlling = begins,
                              .use_unique_port = begins,
                              .sctp = Sctp{.role = begins ? "client" : "server"}};
    for (const auto& [id, sources] : meeting.members[far])
      one.endpoints.push_back({.id = id, .create = true, .sources = sources});
    const RelayAnswer answer = relay(request.meeting_id, on, std::move(one));
    ASSERT(answer.transport && answer.transport->ice && answer.transport->sctp->port);
    return *answer.transport;
  };
  const Transport of_a = create(a, b, true);
  const Transport of_b = create(b, a, false);
  relay(request.meeting_id, a, {.id = bridges_[b]->relay_id(), .transport = told(of_b, "active")});
  relay(request.meeting_id, b, {.id = bridges_[a]->relay_id(), .transport = told(of_a, "passive")});
}

void SimMesh::mirror(const ConferenceModify& request, Meeting& meeting, std::size_t from, Endpoint change) {
  for (const auto& [other, there] : meeting.members) {
    if (other == from || bridges_[other]->is_dead()) continue;
    Relay one{.id = bridges_[from]->relay_id()};
    one.endpoints.push_back(change);
    relay(request.meeting_id, other, std::move(one));
  }
}

void SimMesh::leave(const ConferenceModify& request, Meeting& meeting, std::size_t bridge) {
  meeting.members.erase(bridge);
  for (const auto& [other, there] : meeting.members) {
    if (bridges_[other]->is_dead()) continue;
    const RelayAnswer answer =
        relay(request.meeting_id, other, {.id = bridges_[bridge]->relay_id(), .expire = true});
    ASSERT(answer.expire);
  }
  // Without a relay it has ended with its last participant.
  if (!bridges_[bridge]->is_dead())
    (void)bridges_[bridge]->modify({.meeting_id = request.meeting_id, .expire = true});
}

void SimMesh::drop(std::size_t bridge) {
  for (auto& [id, meeting] : meetings_)
    if (meeting.members.contains(bridge)) leave({.meeting_id = id}, meeting, bridge);
}

}  // namespace cloister::sim
