// The event loop of one thread. Everything of ours that waits (sockets, timers) waits here; what another
// thread wants of this one it posts. components/net is the only folder that includes Asio: others see this
// class.
#pragma once

#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace cloister::net {

class Reactor {
public:
  Reactor();
  ~Reactor();
  Reactor(const Reactor&) = delete;
  Reactor& operator=(const Reactor&) = delete;

  // Runs on the calling thread until stop(). May be called again after it returned.
  void run();
  // Runs what is ready, then returns. For tests and for a clean end.
  void poll();
  // Any thread. run() returns after the callback in progress.
  void stop();
  // Any thread. Callbacks run on the reactor's thread in the order of their posting, never inside post().
  void post(std::function<void()> callback);
  // Runs `callback` once at the first SIGTERM or SIGINT, which then no longer end the process by themselves.
  void on_termination(std::function<void()> callback);
  // Runs `callback` at every SIGHUP, which then no longer ends the process.
  void on_hangup(std::function<void()> callback);

  // For the other files of components/net, and for code that must hand Asio its executor.
  boost::asio::io_context& io();

private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace cloister::net
