#include "videobridge/app/reload.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::app {
namespace {

Settings others() {
  Settings fresh;
  fresh.xmpp.host = "192.0.2.7";
  fresh.media.port = 20000;
  fresh.media.advertise = {
      {.local = "10.0.0.1", .public_ip = "192.0.2.1"}
  };
  fresh.limits.last_n = 5;
  fresh.drain = true;
  return fresh;
}

TEST(Reload, NamesWhatWaitsForARestart) {
  EXPECT_EQ(waiting_for_restart(Settings(), others()), (std::vector<std::string>{"xmpp.host", "media.port"}));
  EXPECT_TRUE(waiting_for_restart(others(), others()).empty());
}

TEST(Reload, TakesOverTheRest) {
  const Settings taken = taken_over(Settings(), others());
  EXPECT_EQ(taken.xmpp.host, "127.0.0.1");
  EXPECT_EQ(taken.media.port, 10000);
  EXPECT_EQ(taken.media.advertise.size(), 1U);
  EXPECT_EQ(taken.limits.last_n, 5);
  EXPECT_TRUE(taken.drain);
}

}  // namespace
}  // namespace cloister::videobridge::app
