#include "net/heartbeat.h"

#include "support/run_until.h"
#include "support/service_manager_test.h"

namespace cloister::net {
namespace {

using HeartbeatTest = support::ServiceManagerTest;

TEST_F(HeartbeatTest, BeatsAsLongAsTheReactorGoesRound) {
  setenv("WATCHDOG_USEC", "3000", 1);
  Reactor reactor;
  ServiceManager manager;
  const Heartbeat heartbeat(reactor, manager);
  int beats = 0;
  ASSERT_TRUE(support::run_until(reactor, [&] { return (beats += heard() == "WATCHDOG=1") == 5; }));
}

TEST_F(HeartbeatTest, IsQuietWhenNobodyWatches) {
  Reactor reactor;
  ServiceManager manager;
  const Heartbeat heartbeat(reactor, manager);
  reactor.poll();
  EXPECT_EQ(heard(), "");
}

}  // namespace
}  // namespace cloister::net
