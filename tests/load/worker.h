// One thread of the load, with its share of the participants: their connections, sockets and ticks.
#pragma once

#include <future>
#include <memory>
#include <thread>
#include <type_traits>
#include <vector>

#include "load/participant.h"

namespace cloister::load {

class Worker {
public:
  static constexpr Duration kTick = 2ms;

  // Starts its thread. All share `certificate`: it is the bridge's work that is measured.
  Worker(const Plan& plan, const SocketAddress& ip,
         const std::shared_ptr<const videobridge::transport::Certificate>& certificate);
  ~Worker();  // without a farewell: leave() first
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Runs `work` on the worker's thread and gives what it returns. Any other thread.
  template <class Work>
  std::invoke_result_t<Work> call(Work work) {
    std::packaged_task<std::invoke_result_t<Work>()> task(std::move(work));
    auto result = task.get_future();
    reactor_.post([&task] { task(); });
    return result.get();
  }

  void add(Role role);
  // Worker's thread, within call().
  const std::vector<std::unique_ptr<Participant>>& participants() const { return participants_; }

private:
  void tick();

  const Plan& plan_;
  net::Reactor reactor_;
  net::PacketPool pool_{std::size_t{1} << 20};
  Ground ground_;
  std::vector<std::unique_ptr<Participant>> participants_;
  net::Timer timer_{reactor_};
  std::thread thread_;
};

}  // namespace cloister::load
