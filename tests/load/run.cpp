#include "load/run.h"

#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>

#include "load/worker.h"
#include "support/pause.h"

namespace cloister::load {
namespace {

using State = Participant::State;

constexpr Duration kPatience = 60s;  // for somebody to be in the call
constexpr Duration kUntilTheHostIsIn = 20s;
constexpr Duration kSettling = 3s;  // for layers and estimates
constexpr Duration kFarewell = 500ms;

volatile std::sig_atomic_t interrupted = 0;

// Ctrl-C ends the measuring, a second one the program.
void watch_for_interrupt() {
  struct sigaction once {};
  once.sa_handler = [](int) { interrupted = 1; };
  once.sa_flags = SA_RESETHAND;
  sigaction(SIGINT, &once, nullptr);
}

struct MachineTimes {
  double busy = 0;
  double all = 0;
};

// proc(5), /proc/stat: user nice system idle iowait irq softirq steal.
MachineTimes machine_times() {
  std::ifstream stat("/proc/stat");
  std::string name;
  stat >> name;
  std::array<double, 8> fields{};
  for (double& field : fields) stat >> field;
  MachineTimes out;
  for (const double field : fields) out.all += field;
  out.busy = out.all - fields[3] - fields[4];
  return out;
}

double own_cpu_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

// A machine of which nobody outside knows may still load itself.
SocketAddress media_address(const Plan& plan) {
  const auto loopback = SocketAddress::v4({127, 0, 0, 1}, 0);
  if (plan.loopback_only) return loopback;
  const auto found = net::usable_local_addresses(net::IncludeLoopback::no);
  return found.empty() ? loopback : found.front();
}

class Run {
public:
  Run(const Options& options, const Plan& plan) : options_(options) {
    const SocketAddress ip = media_address(plan);
    const auto certificate = videobridge::transport::Certificate::generate();
    const auto threads = options.threads > 0 ? static_cast<unsigned>(options.threads)
                                             : std::max(1U, std::thread::hardware_concurrency());
    for (unsigned i = 0; i < threads; ++i)
      workers_.push_back(std::make_unique<Worker>(plan, ip, certificate));
  }

  Outcome go() {
    join_all();
    if (options_.media) support::pause(kSettling);
    say("Measuring for {} s", options_.seconds);
    Outcome out = measure();
    say("Leaving");
    for_each([](Participant& participant) { participant.leave(); });
    support::pause(kFarewell);
    return out;
  }

private:
  template <class... Args>
  void say(fmt::format_string<Args...> text, Args&&... args) const {
    if (!options_.quiet) fmt::print(stderr, "{}\n", fmt::format(text, std::forward<Args>(args)...));
  }

  template <class Visit>
  void for_each(Visit visit) {
    for (const auto& worker : workers_)
      worker->call([&] {
        for (const auto& participant : worker->participants()) visit(*participant);
      });
  }

  // Senders first: whoever comes then has something to receive.
  void join_all() {
    const SteadyClock clock;
    const TimePoint begin = began_ = clock.now();
    const auto interval =
        std::chrono::duration_cast<Duration>(std::chrono::duration<double>(1 / options_.ramp));
    for (int i = 0; i < options_.participants; ++i) {
      if (const Duration early = begin + i * interval - clock.now(); early > 0ns) support::pause(early);
      for (const TimePoint end = clock.now() + kPatience;
           on_the_way() >= options_.joining && clock.now() < end;) {
        report_progress(clock.now());
        support::pause(20ms);
      }
      workers_[static_cast<std::size_t>(i) % workers_.size()]->add(
          {.number = i + 1,
           .talks = i < options_.talkers,
           .layers = i < options_.sender_count() ? options_.layers : 0,
           .hosts = i == 0 && !options_.host.empty()});
      report_progress(clock.now());
    }
    const TimePoint end = clock.now() + kPatience + std::chrono::seconds(options_.wait);
    while (on_the_way() + outside() > 0 && clock.now() < end) {
      report_progress(clock.now());
      support::pause(50ms);
    }
    report_progress(next_progress_);
  }

  std::map<State, int> states() {
    std::map<State, int> out;
    for_each([&](Participant& participant) { ++out[participant.state()]; });
    return out;
  }
  int on_the_way() {
    int out = 0;
    for (const auto& [state, count] : states())
      if (state < State::in_call && state != State::outside) out += count;
    return out;
  }
  int outside() { return states()[State::outside]; }

  // Once a second.
  void report_progress(TimePoint now) {
    if (now < next_progress_) return;
    next_progress_ = now + 1s;
    auto now_in = states();
    say("{} of {} in the call, {} outside, {} failed", now_in[State::in_call], options_.participants,
        now_in[State::outside], now_in[State::over]);
  }

  Outcome measure() {
    const SteadyClock clock;
    Outcome out;
    const double own = own_cpu_seconds();
    const MachineTimes machine = machine_times();
    const TimePoint begin = clock.now();
    watch_for_interrupt();
    for_each([&](Participant& participant) { participant.start_measuring(clock.now()); });
    for (const TimePoint end = begin + std::chrono::seconds(options_.seconds);
         clock.now() < end && !interrupted;)
      support::pause(50ms);
    for_each([&](Participant& participant) {
      out.all_in = std::max(out.all_in, participant.joined() - began_);
      out.participants.push_back({.number = participant.number(),
                                  .state = participant.state(),
                                  .talks = participant.talks(),
                                  .sends_video = participant.sends_video(),
                                  .time_to_join = participant.time_to_join(),
                                  .received = participant.received(clock.now()),
                                  .errors = participant.errors()});
    });
    std::ranges::sort(out.participants, {}, &Outcome::One::number);
    out.seconds = std::chrono::duration<double>(clock.now() - begin).count();
    out.own_cpu = (own_cpu_seconds() - own) / out.seconds;
    const MachineTimes after = machine_times();
    out.machine_cpu = (after.busy - machine.busy) / std::max(1.0, after.all - machine.all);
    return out;
  }

  const Options& options_;
  std::vector<std::unique_ptr<Worker>> workers_;
  TimePoint began_{};
  TimePoint next_progress_{};
};

std::string sentence(net::WebFailure why) {
  switch (why) {
    case net::WebFailure::unreachable: return "nobody answers there";
    case net::WebFailure::untrusted:
      return "its certificate is not trusted: name its authority with --ca-file, or use --insecure";
    default: return "it does not deliver /config.js, so it is no server for meetings";
  }
}

Result<std::string, std::string> fetch_config(const net::WebAddress& page, const net::Trust& trust) {
  net::Reactor reactor;
  net::WebClient client(reactor, trust);
  net::WebAddress address = page;
  address.target = "/config.js";
  std::optional<Result<std::string, net::WebFailure>> got;
  client.get(address, [&](Result<std::string, net::WebFailure> answer) {
    got.emplace(std::move(answer));
    reactor.stop();
  });
  reactor.run();
  if (!*got) return fail(sentence(got->error()));
  return std::move(**got);
}

Personal<std::string> read_password() {
  std::string line;
  std::getline(std::cin, line);
  return Personal(std::move(line));
}

}  // namespace

bool Outcome::One::complete() const {
  return state == State::in_call && errors.empty() && received.heard == received.talkers &&
         received.seen == received.senders;
}

bool Outcome::good() const { return std::ranges::all_of(participants, &One::complete); }

Result<Plan, std::string> make_plan(const Options& options) {
  const auto page = net::WebAddress::parse(options.url);
  if (!page) return fail(std::string("the URL is none of the form https://HOST[:PORT]/ROOM"));
  Plan plan;
  plan.room = room_of(page->target);
  if (plan.room.empty()) return fail(std::string("the URL names no room"));
  if (options.insecure) plan.trust = net::Trust::blind();
  if (!options.ca_file.empty()) {
    auto trust = net::Trust::only(options.ca_file);
    if (!trust) return fail("the file of --ca-file: " + trust.error().code.message());
    plan.trust = *trust;
  }
  plan.loopback_only = !options.own_server;
  if (plan.loopback_only && !page->is_loopback())
    return fail(std::string("that is not this machine: add --i-own-this-server if it is yours to load"));
  const auto script = fetch_config(*page, plan.trust);
  if (!script) return fail(script.error());
  auto server = parse_config(*script);
  if (!server)
    return fail(std::string(server.error() == ConfigError::no_hosts ? "its /config.js names no hosts"
                                                                    : "its /config.js names no WebSocket"));
  plan.server = std::move(*server);
  if (plan.loopback_only && !plan.server.web_socket.is_loopback())
    return fail(
        std::string("its WebSocket is not on this machine: add --i-own-this-server if it is yours to load"));
  plan.stage_height = options.stage_height;
  plan.tile_height = options.tile_height;
  plan.data_channel = !options.web_socket_channel;
  plan.media = options.media;
  plan.name = options.name;
  plan.wait = std::chrono::seconds(options.wait);
  if (!options.host.empty()) {
    plan.host = Account{options.host, read_password()};
    plan.wait = std::max(plan.wait, kUntilTheHostIsIn);
  }
  plan.come_again = options.come_again;
  return plan;
}

Outcome run(const Options& options, const Plan& plan) { return Run(options, plan).go(); }

}  // namespace cloister::load
