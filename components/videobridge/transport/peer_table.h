// Which transport a datagram belongs to: by the path it came on, else by our username fragment in a STUN
// request (protocol/bridge.md §3.1). One per shard, shard thread only.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "net/datagram.h"
#include "videobridge/transport/transport.h"

namespace cloister::videobridge::transport {

class PeerTable {
public:
  // Paths remembered per peer; a further one pushes out the oldest that is not in use.
  static constexpr std::size_t kMaxPaths = 16;

  explicit PeerTable(Drops& drops) : drops_(drops) {}

  // The transport must be removed before it dies.
  void add(Transport& transport);
  // After Transport::restart_ice(): it is known by further names, and by those of ended restarts no more.
  void update(Transport& transport);
  void remove(Transport& transport);

  // Hands the datagram to its transport and returns that; nullptr (counted) when it is nobody's. A path is
  // remembered only once a connectivity check on it has proven to know the password.
  Transport* on_datagram(net::Packet packet, const net::Path& from, TimePoint now);

  std::size_t size() const { return peers_.size(); }

private:
  struct Peer {
    Transport* transport;
    std::vector<net::Path> paths{};
    std::vector<std::string> fragments{};
    std::vector<std::uint32_t> tags{};
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };

  Peer* find_by_stun(Bytes datagram);
  void remember(Peer& peer, const net::Path& path);
  void name(Peer& peer);
  void forget_names(Peer& peer);

  Drops& drops_;
  std::unordered_map<const Transport*, Peer> peers_;
  std::unordered_map<std::string, Peer*, TextHash, std::equal_to<>> by_fragment_;  // our username fragment
  std::unordered_map<std::uint32_t, Peer*> by_tag_;  // whose check an answer from a new address belongs to
  std::unordered_map<net::Path, Peer*> by_path_;
};

}  // namespace cloister::videobridge::transport
