// systemd as a test plays it: an object tree behind the other end of a socket.
#include "cli/machine/units.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <systemd/sd-bus.h>

#include <array>
#include <cstring>
#include <thread>

namespace cloister::cli::machine {
namespace {

struct Played {
  const char* load = "loaded";
  const char* active = "active";
  std::uint64_t since = 1'764'000'000'000'000;  // microseconds
  std::uint32_t restarts = 2;
};

constexpr const char* kPath = "/org/freedesktop/systemd1/unit/nginx_2eservice";

int load_unit(sd_bus_message* call, void* asked, sd_bus_error*) {
  const char* name = nullptr;
  sd_bus_message_read(call, "s", &name);
  *static_cast<std::string*>(asked) = name;
  return sd_bus_reply_method_return(call, "o", kPath);
}

const sd_bus_vtable kManager[] = {SD_BUS_VTABLE_START(0),
                                  SD_BUS_METHOD("LoadUnit", "s", "o", load_unit, SD_BUS_VTABLE_UNPRIVILEGED),
                                  SD_BUS_VTABLE_END};
const sd_bus_vtable kUnit[] = {
    SD_BUS_VTABLE_START(0), SD_BUS_PROPERTY("LoadState", "s", nullptr, offsetof(Played, load), 0),
    SD_BUS_PROPERTY("ActiveState", "s", nullptr, offsetof(Played, active), 0),
    SD_BUS_PROPERTY("StateChangeTimestamp", "t", nullptr, offsetof(Played, since), 0), SD_BUS_VTABLE_END};
const sd_bus_vtable kService[] = {SD_BUS_VTABLE_START(0),
                                  SD_BUS_PROPERTY("NRestarts", "u", nullptr, offsetof(Played, restarts), 0),
                                  SD_BUS_VTABLE_END};

// Answers until the other end is closed.
class Systemd {
public:
  explicit Systemd(Played played) : played_(played) {
    std::array<int, 2> ends{};
    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data());
    thread_ = std::thread([this, fd = ends[0]] { serve(fd); });
    sd_bus* bus = nullptr;
    sd_bus_new(&bus);
    sd_bus_set_fd(bus, ends[1], ends[1]);
    sd_bus_start(bus);
    units_.emplace(bus);
  }
  ~Systemd() {
    units_.reset();
    thread_.join();
  }
  const Units& units() const { return *units_; }
  std::string asked;

private:
  void serve(int fd) {
    sd_bus* bus = nullptr;
    sd_bus_new(&bus);
    sd_bus_set_fd(bus, fd, fd);
    sd_id128_t id{};
    sd_id128_randomize(&id);
    sd_bus_set_server(bus, 1, id);
    sd_bus_start(bus);
    sd_bus_add_object_vtable(bus, nullptr, "/org/freedesktop/systemd1", "org.freedesktop.systemd1.Manager",
                             kManager, &asked);
    sd_bus_add_object_vtable(bus, nullptr, kPath, "org.freedesktop.systemd1.Unit", kUnit, &played_);
    sd_bus_add_object_vtable(bus, nullptr, kPath, "org.freedesktop.systemd1.Service", kService, &played_);
    for (int done = 0; done >= 0;) {
      done = sd_bus_process(bus, nullptr);
      if (done == 0) done = sd_bus_wait(bus, UINT64_MAX);
    }
    sd_bus_unref(bus);
  }

  Played played_;
  std::optional<Units> units_;
  std::thread thread_;
};

TEST(Units, TellWhatSystemdSaysOfAService) {
  Systemd systemd({});
  const auto state = systemd.units().state("nginx");
  ASSERT_TRUE(state) << state.error().doing;
  EXPECT_EQ(systemd.asked, "nginx.service");
  EXPECT_EQ(state->load, "loaded");
  EXPECT_EQ(state->active, "active");
  EXPECT_EQ(std::chrono::system_clock::to_time_t(state->since), 1'764'000'000);
  EXPECT_EQ(state->restarts, 2U);
}

TEST(Units, TakeAnyKindOfUnit) {
  Systemd systemd({.load = "not-found", .active = "inactive"});
  const auto state = systemd.units().state("cloister-certificates.timer");
  ASSERT_TRUE(state);
  EXPECT_EQ(systemd.asked, "cloister-certificates.timer");
  EXPECT_EQ(state->load, "not-found");
}

}  // namespace
}  // namespace cloister::cli::machine
