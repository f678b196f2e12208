#include "forward/measure.h"

#include <algorithm>

#include "support/allocation_counter.h"
#include "support/run_until.h"

namespace cloister::bench {
namespace {

constexpr Duration kSettling = 1s;
constexpr Duration kWindow = 20ms;

std::uint64_t sum(const std::vector<LoadParticipant*>& participants,
                  const Counter& (LoadParticipant::*counter)() const) {
  std::uint64_t out = 0;
  for (const LoadParticipant* participant : participants) out += (participant->*counter)().value();
  return out;
}

bool wait_until_served(const std::vector<LoadParticipant*>& receivers) {
  net::Reactor reactor;
  const auto is_served = [](const LoadParticipant* receiver) { return receiver->received().value() > 0; };
  return support::run_until(
      reactor, [&] { return std::ranges::all_of(receivers, is_served); }, 20s);
}

void wait(Duration duration) {
  net::Reactor reactor;
  net::Timer timer(reactor);
  timer.start(duration, [&reactor] { reactor.stop(); });
  reactor.run();
}

// Those of the quietest window.
std::uint64_t watch_allocations(pid_t thread, Duration duration) {
  std::uint64_t least = ~std::uint64_t{0};
  for (Duration passed{}; passed < duration; passed += kWindow) {
    const std::uint64_t before = support::allocations_of(thread);
    wait(kWindow);
    least = std::min(least, support::allocations_of(thread) - before);
  }
  return least;
}

}  // namespace

Outcome measure(const Duration& measured, const std::string& forwarder,
                const std::vector<LoadParticipant*>& senders,
                const std::vector<LoadParticipant*>& receivers) {
  if (!wait_until_served(receivers)) return {};
  const auto thread = find_thread(forwarder);
  if (!thread) return {};
  wait(kSettling);
  const ThreadUse before = use_of(*thread);
  const std::uint64_t sent = sum(senders, &LoadParticipant::sent);
  const std::uint64_t received = sum(receivers, &LoadParticipant::received);
  const std::uint64_t least_allocations = watch_allocations(*thread, measured);
  const ThreadUse after = use_of(*thread);
  return {.sent = sum(senders, &LoadParticipant::sent) - sent,
          .forwarded = sum(receivers, &LoadParticipant::received) - received,
          .cpu_ns = after.cpu_ns - before.cpu_ns,
          .allocations = after.allocations - before.allocations,
          .least_allocations = least_allocations,
          .context_switches = after.context_switches - before.context_switches};
}

}  // namespace cloister::bench
