#include "net/timer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <thread>

#include "support/run_until.h"

namespace cloister::net {
namespace {

TEST(Timer, RunsOnceAndMayStartItselfAgain) {
  Reactor reactor;
  Timer timer(reactor);
  int rounds = 0;
  std::function<void()> again = [&] {
    if (++rounds < 3) timer.start(1ms, again);
  };
  timer.start(1ms, again);
  EXPECT_TRUE(timer.running());
  ASSERT_TRUE(support::run_until(reactor, [&] { return rounds == 3; }));
  EXPECT_FALSE(timer.running());
}

TEST(Timer, DoesNotRunWhenCancelledReplacedOrDestroyedAfterItsTimeHasCome) {
  Reactor reactor;
  int ran = 0;
  Timer cancelled(reactor);
  Timer replaced(reactor);
  auto destroyed = std::make_unique<Timer>(reactor);
  Timer first(reactor);
  first.start(0ms, [&] {
    cancelled.cancel();
    replaced.start(0ms, [&] { ran += 10; });
    destroyed.reset();
  });
  for (Timer* timer : {&cancelled, &replaced, destroyed.get()}) timer->start(0ms, [&] { ++ran; });
  ASSERT_TRUE(support::run_until(reactor, [&] { return ran != 0; }));
  reactor.poll();
  EXPECT_EQ(ran, 10);
}

TEST(Timer, MayBeDestroyedByItsOwnCallback) {
  Reactor reactor;
  auto timer = std::make_unique<Timer>(reactor);
  bool ran = false;
  timer->start(0ms, [&, word = std::string(100, 'x')] {
    timer.reset();
    ran = word.size() == 100;
  });
  EXPECT_TRUE(support::run_until(reactor, [&] { return ran; }));
}

TEST(Reactor, RunsPostedWorkOfOtherThreadsInOrder) {
  Reactor reactor;
  std::vector<int> seen;
  std::thread other([&] {
    for (int i = 0; i < 100; ++i) reactor.post([&seen, i] { seen.push_back(i); });
    reactor.post([&] { reactor.stop(); });
  });
  reactor.run();
  other.join();
  ASSERT_EQ(seen.size(), 100U);
  EXPECT_TRUE(std::ranges::is_sorted(seen));
}

TEST(Reactor, TurnsATerminationSignalIntoACall) {
  Reactor reactor;
  bool asked = false;
  reactor.on_termination([&] { asked = true; });
  std::raise(SIGTERM);
  EXPECT_TRUE(support::run_until(reactor, [&] { return asked; }));
}

}  // namespace
}  // namespace cloister::net
