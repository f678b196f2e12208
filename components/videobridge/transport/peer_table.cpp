#include "videobridge/transport/peer_table.h"

#include <algorithm>

#include "base/assert.h"
#include "wire/stun.h"

namespace cloister::videobridge::transport {

void PeerTable::add(Transport& transport) {
  const auto [at, added] = peers_.try_emplace(&transport, Peer{.transport = &transport});
  ASSERT(added);
  name(at->second);
}

void PeerTable::update(Transport& transport) {
  const auto found = peers_.find(&transport);
  if (found == peers_.end()) return;
  forget_names(found->second);
  name(found->second);
}

void PeerTable::remove(Transport& transport) {
  const auto found = peers_.find(&transport);
  if (found == peers_.end()) return;
  for (const net::Path& path : found->second.paths) by_path_.erase(path);
  forget_names(found->second);
  peers_.erase(found);
}

void PeerTable::name(Peer& peer) {
  for (const auto& [fragment, tag] : peer.transport->identities()) {
    const bool is_new = by_fragment_.emplace(fragment, &peer).second;
    ASSERT(is_new);
    peer.fragments.emplace_back(fragment);
    if (by_tag_.try_emplace(tag, &peer).second) peer.tags.push_back(tag);
  }
}

void PeerTable::forget_names(Peer& peer) {
  for (const std::string& fragment : peer.fragments) by_fragment_.erase(fragment);
  for (const std::uint32_t tag : peer.tags) by_tag_.erase(tag);
  peer.fragments.clear();
  peer.tags.clear();
}

Transport* PeerTable::on_datagram(net::Packet packet, const net::Path& from, TimePoint now) {
  const auto known = by_path_.find(from);
  Peer* peer = known != by_path_.end() ? known->second : nullptr;
  // STUN names its receiver itself, even when the address belonged to another peer before.
  if (wire::looks_like_stun(packet.bytes()))
    if (Peer* named = find_by_stun(packet.bytes())) peer = named;
  if (peer == nullptr) {
    drops_.add(Drop::unknown_address);
    return nullptr;
  }
  Transport* transport = peer->transport;
  const bool proven = transport->on_datagram(std::move(packet), from, now);
  if (proven && (known == by_path_.end() || known->second != peer)) remember(*peer, from);
  return transport;
}

PeerTable::Peer* PeerTable::find_by_stun(Bytes datagram) {
  const auto message = wire::parse_stun(datagram);
  if (!message) return nullptr;
  if (message->kind == wire::StunClass::success || message->kind == wire::StunClass::error) {
    const auto asker = by_tag_.find(get_u32(message->id, 0));
    return asker == by_tag_.end() ? nullptr : asker->second;
  }
  if (!message->username) return nullptr;
  const auto fragment = wire::receiver_fragment(*message->username);
  if (!fragment) return nullptr;
  const auto found = by_fragment_.find(*fragment);
  return found == by_fragment_.end() ? nullptr : found->second;
}

void PeerTable::remember(Peer& peer, const net::Path& path) {
  if (const auto old = by_path_.find(path); old != by_path_.end()) std::erase(old->second->paths, path);
  if (peer.paths.size() == kMaxPaths) {
    const auto selected = peer.transport->selected_path();
    const auto oldest =
        std::ranges::find_if(peer.paths, [&](const net::Path& one) { return selected != one; });
    by_path_.erase(*oldest);
    peer.paths.erase(oldest);
  }
  peer.paths.push_back(path);
  by_path_.insert_or_assign(path, &peer);
}

}  // namespace cloister::videobridge::transport
