#include "forward/measure.h"

#include <algorithm>
#include <optional>

#include "base/assert.h"
#include "support/pause.h"
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

// Those of the quietest window.
std::uint64_t watch_allocations(const UseReader& forwarder, Duration duration) {
  std::uint64_t least = ~std::uint64_t{0};
  for (Duration passed{}; passed < duration; passed += kWindow) {
    const std::uint64_t before = forwarder().allocations;
    support::pause(kWindow);
    least = std::min(least, forwarder().allocations - before);
  }
  return least;
}

}  // namespace

UseReader thread_named(const std::string& name) {
  return [name, thread = std::optional<pid_t>()]() mutable {
    if (!thread) thread = find_thread(name);
    ASSERT(thread);
    return use_of(*thread);
  };
}

Outcome measure(Load& load, const Duration& measured, const UseReader& forwarder,
                const std::vector<LoadParticipant*>& senders,
                const std::vector<LoadParticipant*>& receivers) {
  if (!wait_until_served(receivers)) return {};
  support::pause(kSettling);
  load.call([&] { std::ranges::for_each(receivers, &LoadParticipant::forget_delay); });
  const ThreadUse before = forwarder();
  const std::uint64_t sent = sum(senders, &LoadParticipant::sent);
  const std::uint64_t received = sum(receivers, &LoadParticipant::received);
  const std::uint64_t least_allocations = watch_allocations(forwarder, measured);
  const ThreadUse after = forwarder();
  Outcome out{.sent = sum(senders, &LoadParticipant::sent) - sent,
              .forwarded = sum(receivers, &LoadParticipant::received) - received,
              .cpu_ns = after.cpu_ns - before.cpu_ns,
              .allocations = after.allocations - before.allocations,
              .least_allocations = least_allocations,
              .context_switches = after.context_switches - before.context_switches};
  load.call([&] {
    for (const LoadParticipant* receiver : receivers) {
      out.delay.add(receiver->delay());
      out.unread.add(receiver->unread());
    }
  });
  return out;
}

}  // namespace cloister::bench
