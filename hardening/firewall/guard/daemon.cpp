#include "firewall/guard/daemon.h"

#include <poll.h>
#include <sys/signalfd.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/daemon.h"
#include "base/log.h"
#include "firewall/guard/guard.h"
#include "firewall/guard/privileges.h"
#include "firewall/guard/server.h"
#include "firewall/nft/watch.h"

namespace cloister::firewall::guard {
namespace {

constexpr Duration kBetweenChecks = 10s;  // beside the news, which may get lost

using daemon::give_up;

class Signals {
public:
  Signals() {
    sigset_t all;
    sigemptyset(&all);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&all, signal);
    sigprocmask(SIG_BLOCK, &all, nullptr);
    fd_ = signalfd(-1, &all, SFD_CLOEXEC | SFD_NONBLOCK);
  }
  ~Signals() { close(fd_); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int fd() const { return fd_; }
  // The next signal, 0 when there is none.
  int next() const {
    signalfd_siginfo info{};
    return read(fd_, &info, sizeof info) == sizeof info ? static_cast<int>(info.ssi_signo) : 0;
  }

private:
  int fd_;
};

class Loop {
public:
  Loop(Guard& guard, Server& server, nft::Watch& watch, Signals& signals, const Clock& clock)
      : guard_(guard), server_(server), watch_(watch), signals_(signals), clock_(clock) {
    std::uint64_t microseconds = 0;
    if (sd_watchdog_enabled(0, &microseconds) > 0)
      between_checks_ = std::min<Duration>(between_checks_, std::chrono::microseconds(microseconds / 2));
    next_check_ = clock.now() + between_checks_;
  }

  void run() {
    while (!ended_) {
      std::vector<pollfd> ready{
          {signals_.fd(), POLLIN, 0},
          {watch_.fd(),   POLLIN, 0}
      };
      server_.wait_for(ready);
      poll(ready.data(), ready.size(), patience());
      if (ready[0].revents != 0) on_signals();
      if (ready[1].revents != 0 && watch_.changed()) guard_.check();
      server_.on_ready(ready);
      on_time();
    }
  }

private:
  int patience() const {
    const auto next = earlier(earlier(guard_.next_wakeup(), server_.next_wakeup()), next_check_);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - clock_.now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000));
  }
  void on_signals() {
    while (const int signal = signals_.next()) {
      if (signal == SIGHUP) {
        guard_.reload();
      } else {
        ended_ = true;
      }
    }
  }
  void on_time() {
    guard_.on_wakeup();
    server_.on_wakeup();
    if (clock_.now() < next_check_) return;
    next_check_ = clock_.now() + between_checks_;
    guard_.check();
    sd_notify(0, "WATCHDOG=1");
  }

  Guard& guard_;
  Server& server_;
  nft::Watch& watch_;
  Signals& signals_;
  const Clock& clock_;
  Duration between_checks_ = kBetweenChecks;
  TimePoint next_check_;
  bool ended_ = false;
};

}  // namespace

int run(const Options& options) {
  daemon::begin("cloister-guard");
  if (const auto kept = keep_only_net_admin(); !kept) return give_up(kept.error());
  Signals signals;
  const SteadyClock clock;
  const auto kernel = nft::NetlinkKernel::make();
  if (!kernel) return give_up(kernel.error());
  auto watch = nft::Watch::make();  // before the rules are set: what happens after is heard
  if (!watch) return give_up(watch.error());
  Guard guard(**kernel, clock, [&options] { return policy::load_settings(options.settings); });
  if (const auto started = guard.start(); !started) {
    for (const std::string& line : started.error().lines) log::error("{}", line);
    return started.error().reason == StartError::Reason::settings ? daemon::kBadSettings : daemon::kFailed;
  }
  const auto server = Server::listen(options.socket, guard, clock);
  if (!server) return give_up(server.error());
  log::info("cloister-guard " CLOISTER_VERSION ": the rules are in force");
  sd_notify(0, "READY=1");
  Loop(guard, **server, *watch, signals, clock).run();
  sd_notify(0, "STOPPING=1");
  log::info("stopped; the rules stay");
  return 0;
}

}  // namespace cloister::firewall::guard
