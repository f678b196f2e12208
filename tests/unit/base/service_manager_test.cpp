#include "base/service_manager.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>

#include "support/service_manager_test.h"

namespace cloister {
namespace {

using ServiceManagerTest = support::ServiceManagerTest;

TEST_F(ServiceManagerTest, HearsEveryWord) {
  ServiceManager manager;
  manager.ready();
  EXPECT_EQ(heard(), "READY=1");
  manager.status("2 conferences");
  EXPECT_EQ(heard(), "STATUS=2 conferences");
  manager.alive();
  EXPECT_EQ(heard(), "WATCHDOG=1");
  manager.reloading(TimePoint(3s));
  EXPECT_EQ(heard(), "RELOADING=1\nMONOTONIC_USEC=3000000");
  manager.stopping();
  EXPECT_EQ(heard(), "STOPPING=1");
}

TEST_F(ServiceManagerTest, OneThatDoesNotReadHoldsNobodyUp) {
  ServiceManager manager;
  for (int i = 0; i < 10'000; ++i) manager.status("still here");
  EXPECT_EQ(heard(), "STATUS=still here");
}

TEST_F(ServiceManagerTest, WatchesWhomItSaysItWatches) {
  EXPECT_FALSE(ServiceManager().watchdog());
  setenv("WATCHDOG_USEC", "20000000", 1);
  EXPECT_EQ(ServiceManager().watchdog(), Duration(20s));
  setenv("WATCHDOG_PID", "1", 1);
  EXPECT_FALSE(ServiceManager().watchdog()) << "another process";
  setenv("WATCHDOG_PID", std::to_string(getpid()).c_str(), 1);
  EXPECT_TRUE(ServiceManager().watchdog());
  setenv("WATCHDOG_USEC", "soon", 1);
  EXPECT_FALSE(ServiceManager().watchdog());
}

TEST(ServiceManager, WithoutOneNothingHappens) {
  ServiceManager manager;
  manager.ready();
  manager.alive();
}

}  // namespace
}  // namespace cloister
