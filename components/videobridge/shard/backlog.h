// Datagrams that wait until the media of their batch has left: STUN and DTLS. One step of a handshake takes
// as long as hundreds of packets, and five hundred who join at once would hold up those who are there
// (docs/decisions/0020). Shard thread.
#pragma once

#include <deque>
#include <utility>

#include "base/clock.h"
#include "net/udp_port.h"

namespace cloister::videobridge::shard {

class Backlog {
public:
  // A part of the pool's buffers, so that media keeps some. Who is not heard asks again (RFC 8489 §6.2.1,
  // RFC 6347 §4.2.4).
  static constexpr std::size_t kLimit = 2048;
  // What is done in one go; then media has its turn.
  static constexpr Duration kShare = 500us;

  // False when the backlog is full.
  bool push(net::Arrival&& arrival) {
    if (waiting_.size() == kLimit) return false;
    waiting_.push_back(std::move(arrival));
    return true;
  }
  bool empty() const { return waiting_.empty(); }

  // Calls handle(arrival) for those that waited longest, until the share is used up; for one at least.
  template <class Handle>
  void work_off(const Clock& clock, Handle handle) {
    const TimePoint end = clock.now() + kShare;
    while (!waiting_.empty()) {
      net::Arrival arrival = std::move(waiting_.front());
      waiting_.pop_front();
      handle(std::move(arrival));
      if (clock.now() >= end) return;
    }
  }

private:
  std::deque<net::Arrival> waiting_;
};

}  // namespace cloister::videobridge::shard
