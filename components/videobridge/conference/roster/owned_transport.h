// A transport that knows whose it is: what a shard's peer table hands back is one of these.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "videobridge/transport/transport.h"

namespace cloister::videobridge::conference {

struct OwnedTransport final : transport::Transport {
  struct Owner {
    virtual ~Owner() = default;
    // Something was given to the transport: its next wake-up may be another one.
    virtual void touch() = 0;
  };

  OwnedTransport(Owner& whose, const transport::TransportSettings& settings,
                 std::vector<transport::Candidate> candidates,
                 std::shared_ptr<const transport::Certificate> certificate, net::Outbox& outbox,
                 transport::Drops& drops, Listener& listener)
      : Transport(settings, std::move(candidates), std::move(certificate), outbox, drops, listener),
        owner(whose) {}
  static Owner& owner_of(transport::Transport& transport) {
    return static_cast<OwnedTransport&>(transport).owner;
  }

  Owner& owner;
};

}  // namespace cloister::videobridge::conference
