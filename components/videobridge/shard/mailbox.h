// What crosses from one thread to another: posted calls, counted, with a limit. A full mailbox refuses, and
// counts.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "base/metrics.h"
#include "net/reactor.h"

namespace cloister::videobridge::shard {

// Any one thread posts, the reactor's thread runs. The mailbox outlives the reactor's last run.
class Mailbox {
public:
  Mailbox(net::Reactor& reactor, std::size_t limit) : reactor_(reactor), limit_(limit) {}

  // False when `limit` calls are waiting already; then `call` is dropped.
  bool post(std::function<void()> call) {
    if (waiting_->fetch_add(1, std::memory_order_relaxed) >= limit_) {
      waiting_->fetch_sub(1, std::memory_order_relaxed);
      refused_.add();
      return false;
    }
    reactor_.post([waiting = waiting_, call = std::move(call)] {
      waiting->fetch_sub(1, std::memory_order_relaxed);
      call();
    });
    return true;
  }

  const Counter& refused() const { return refused_; }

private:
  net::Reactor& reactor_;
  std::size_t limit_;
  std::shared_ptr<std::atomic<std::size_t>> waiting_ = std::make_shared<std::atomic<std::size_t>>(0);
  Counter refused_;
};

}  // namespace cloister::videobridge::shard
