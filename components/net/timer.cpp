#include "net/timer.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <utility>

namespace cloister::net {

struct Timer::Parts {
  explicit Parts(Reactor& reactor) : timer(reactor.io()) {}
  boost::asio::steady_timer timer;
  std::function<void()> callback;  // empty: not running
  std::uint64_t round = 0;         // an expiry of an earlier start() is ignored
};

Timer::Timer(Reactor& reactor) : parts_(std::make_shared<Parts>(reactor)) {}
Timer::~Timer() {
  if (parts_) cancel();
}
Timer::Timer(Timer&&) noexcept = default;
Timer& Timer::operator=(Timer&& other) noexcept {
  if (this != &other) {
    if (parts_) cancel();
    parts_ = std::move(other.parts_);
  }
  return *this;
}

void Timer::start(Duration delay, std::function<void()> callback) {
  parts_->callback = std::move(callback);
  const std::uint64_t round = ++parts_->round;
  parts_->timer.expires_after(std::chrono::duration_cast<std::chrono::steady_clock::duration>(delay));
  parts_->timer.async_wait([parts = parts_, round](const boost::system::error_code&) {
    if (parts->round != round || !parts->callback) return;
    std::exchange(parts->callback, nullptr)();
  });
}

void Timer::cancel() {
  ++parts_->round;
  parts_->callback = nullptr;
  parts_->timer.cancel();
}

bool Timer::running() const { return static_cast<bool>(parts_->callback); }

}  // namespace cloister::net
