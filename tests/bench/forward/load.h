// The participants of a run, on a thread of their own: they send and receive through real sockets, one each.
#pragma once

#include <functional>
#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

#include "base/metrics.h"
#include "forward/place.h"
#include "forward/scene.h"
#include "load/reception.h"
#include "net/reactor.h"
#include "net/timer.h"
#include "net/udp_port.h"

namespace cloister::bench {

class Load;

// Load thread; the counters any thread.
class LoadParticipant : protected net::UdpPort::Receiver {
public:
  explicit LoadParticipant(Load& load);
  const SocketAddress& address() const { return port_->local_addresses().front(); }
  // Begins to receive; does nothing when it has.
  void start() {
    if (!std::exchange(started_, true)) port_->start(*this);
  }

  // One frame's packets, each for itself, as browsers send them.
  virtual void send_frame(TimePoint) {}
  // Every kTick.
  virtual void tick(TimePoint) {}

  const Counter& sent() const { return sent_; }
  const Counter& received() const { return received_; }
  // Since the last forget_delay(); load thread. From being sent to being in the receiver's socket, and from
  // there to being read, which is the load's own part.
  const load::DelayHistogram& delay() const { return delay_; }
  const load::DelayHistogram& unread() const { return unread_; }
  void forget_delay() { delay_ = unread_ = {}; }

protected:
  net::UdpPort& port() { return *port_; }

  // Of a packet that came and proved right.
  void on_media(Bytes payload, TimePoint came, TimePoint arrived) {
    received_.add();
    const auto sent = load::read_mark(payload);
    if (!sent) return;
    delay_.add(came - *sent);
    unread_.add(arrived - came);
  }

  Counter sent_;

private:
  Counter received_;
  load::DelayHistogram delay_;
  load::DelayHistogram unread_;
  std::unique_ptr<net::UdpPort> port_;
  bool started_ = false;
};

// Starts its thread, "load", in `place`.
class Load {
public:
  static constexpr Duration kTick = 20ms;

  explicit Load(const Place& place);
  ~Load();
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  // Runs `work` on the load's thread and gives what it returns.
  template <class Work>
  std::invoke_result_t<Work> call(Work work) {
    std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
    auto result = task.get_future();
    reactor_.post([&task] { task(); });
    return result.get();
  }

  // Load thread, from here on.
  template <class T, class... Args>
  T& add(Args&&... args) {
    auto participant = std::make_unique<T>(*this, std::forward<Args>(args)...);
    T& out = *participant;
    participants_.push_back(std::move(participant));
    return out;
  }
  // Lets all receive, and sends a frame of each sender in turn, evenly spread over the frame interval.
  void start(std::vector<LoadParticipant*> senders);

  net::Reactor& reactor() { return reactor_; }
  net::PacketPool& pool() { return pool_; }
  const std::string& ip() const { return place_.ip; }

private:
  void send_next();
  void tick();

  const Place place_;
  net::Reactor reactor_;
  net::PacketPool pool_{65536};
  std::vector<std::unique_ptr<LoadParticipant>> participants_;
  std::vector<LoadParticipant*> senders_;
  std::size_t next_sender_ = 0;
  TimePoint next_frame_{};
  net::Timer frame_timer_{reactor_};
  net::Timer tick_timer_{reactor_};
  std::thread thread_;
};

}  // namespace cloister::bench
