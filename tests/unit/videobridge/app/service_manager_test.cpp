#include "videobridge/app/service_manager.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace cloister::videobridge::app {
namespace {

// A manager that listens on an abstract socket.
class ServiceManagerTest : public testing::Test {
protected:
  ServiceManagerTest() : name_("cloister-test-" + std::to_string(getpid())) {
    socket_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::copy(name_.begin(), name_.end(), address.sun_path + 1);
    const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name_.size());
    EXPECT_EQ(bind(socket_, reinterpret_cast<const sockaddr*>(&address), length), 0);
    setenv("NOTIFY_SOCKET", ("@" + name_).c_str(), 1);
  }
  ~ServiceManagerTest() override {
    for (const char* name : {"NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"}) unsetenv(name);
    close(socket_);
  }
  std::string heard() {
    std::array<char, 256> text{};
    const ssize_t length = recv(socket_, text.data(), text.size(), 0);
    return length < 0 ? "" : std::string(text.data(), static_cast<std::size_t>(length));
  }

  std::string name_;
  int socket_ = -1;
};

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
}  // namespace cloister::videobridge::app
