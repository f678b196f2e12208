// A one-shot timer on a reactor. Reactor thread only.
#pragma once

#include <functional>
#include <memory>

#include "base/clock.h"
#include "net/reactor.h"

namespace cloister::net {

class Timer {
public:
  explicit Timer(Reactor& reactor);
  ~Timer();  // cancels
  Timer(Timer&&) noexcept;
  Timer& operator=(Timer&&) noexcept;

  // Runs `callback` once after `delay`. Replaces what was running before. The callback may start the timer
  // again or destroy it.
  void start(Duration delay, std::function<void()> callback);
  // After this the callback does not run, not even when its time had already come.
  void cancel();
  bool running() const;

private:
  struct Parts;
  std::shared_ptr<Parts> parts_;
};

}  // namespace cloister::net
