// UDP sockets of a shard that are for relays alone. Participants share one port because each has an address
// of its own; two bridges have one address each, however many conferences they share, so the relays between
// them need ports to be told apart by (protocol/bridge.md §11 `use-unique-port`). Shard thread; owned by the
// shard.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>
#include <vector>

#include "videobridge/transport/model/description.h"

namespace cloister::videobridge::conference {

class RelayPorts {
public:
  using Candidates = std::vector<transport::Candidate>;

  // One of them, until it dies. The ports outlive it.
  class Lease {
  public:
    Lease(RelayPorts& ports, std::size_t index) : ports_(&ports), index_(index) {}
    Lease(Lease&& other) noexcept : ports_(std::exchange(other.ports_, nullptr)), index_(other.index_) {}
    Lease& operator=(Lease&&) = delete;
    ~Lease() {
      if (ports_ != nullptr) ports_->used_[index_] = false;
    }
    const Candidates& candidates() const { return ports_->ports_[index_]; }

  private:
    RelayPorts* ports_;
    std::size_t index_;
  };

  // What each port is known by. To be called before the first take().
  void set(std::vector<Candidates> ports) {
    ports_ = std::move(ports);
    used_.assign(ports_.size(), false);
  }
  // None when all are lent.
  std::optional<Lease> take() {
    const auto free = std::ranges::find(used_, false);
    if (free == used_.end()) return std::nullopt;
    *free = true;
    return Lease(*this, static_cast<std::size_t>(free - used_.begin()));
  }

private:
  std::vector<Candidates> ports_;
  std::vector<bool> used_;
};

}  // namespace cloister::videobridge::conference
