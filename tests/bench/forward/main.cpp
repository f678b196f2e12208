// CPU time, allocations and context switches per forwarded packet: the real bridge beside the floor, taking
// turns so that both meet the same machine. Prints one JSON object per run.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "forward/runs.h"

namespace {

using namespace cloister;
using namespace cloister::bench;

double ms(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }

// False when nothing came through.
bool report(const char* means, const Scene& scene, double seconds, const Outcome& outcome) {
  const auto forwarded = static_cast<double>(outcome.forwarded);
  const double expected = static_cast<double>(outcome.sent) * static_cast<double>(scene.receivers);
  fmt::print(
      "{{\"means\":\"{}\",\"receivers\":{},\"rooms\":{},\"feedback\":{},\"cpu_ns_per_packet\":{:.0f},"
      "\"packets\":{},\"delivered\":{:.4f},\"seconds\":{},\"allocations\":{},\"least_allocations\":{},"
      "\"context_switches_per_packet\":{:.3f},\"p50_ms\":{:.3f},\"p99_ms\":{:.3f},\"unread_p99_ms\":{:.3f}}}"
      "\n",
      means, scene.receivers, scene.rooms, scene.feedback, outcome.cpu_per_packet(), outcome.forwarded,
      expected > 0 ? forwarded / expected : 0, seconds, outcome.allocations, outcome.least_allocations,
      forwarded > 0 ? static_cast<double>(outcome.context_switches) / forwarded : 0,
      ms(outcome.delay.percentile(0.5)), ms(outcome.delay.percentile(0.99)),
      ms(outcome.unread.percentile(0.99)));
  std::fflush(stdout);
  return outcome.forwarded > 0;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Forwards one 720p-like stream per room to its receivers, by the bridge and by the floor.");
  Scene scene;
  Places places;
  std::string means = "both";
  double seconds = 2;
  int repeat = 1;
  int bridge_cpu = -1;
  int load_cpu = -1;
  JanusPlace janus;
  std::string janus_ip = "127.0.0.1";
  std::uint16_t janus_port = 8088;
  app.add_option("--receivers", scene.receivers, "per room")->check(CLI::Range(1, 200));
  app.add_option("--rooms", scene.rooms)->check(CLI::Range(1, 200));
  app.add_flag("--feedback", scene.feedback, "transport-wide congestion control, a report every 100 ms");
  app.add_flag("--uneven", scene.uneven, "frames of all sizes, split as browsers do it");
  app.add_flag("!--own-sizes", scene.equal_sizes, "without padding: media.equal_sizes off");
  app.add_option("--means", means)->check(CLI::IsMember({"floor", "bridge", "janus", "both"}));
  app.add_option("--seconds", seconds, "measured per run")->check(CLI::Range(0.1, 60.0));
  app.add_option("--repeat", repeat, "runs of each, in turns")->check(CLI::Range(1, 20));
  app.add_option("--bridge-namespace", places.bridge.network_namespace);
  app.add_option("--bridge-ip", places.bridge.ip);
  app.add_option("--bridge-cpu", bridge_cpu);
  app.add_option("--load-namespace", places.load.network_namespace);
  app.add_option("--load-ip", places.load.ip);
  app.add_option("--load-cpu", load_cpu);
  app.add_option("--janus-process", janus.process);
  app.add_option("--janus-ip", janus_ip);
  app.add_option("--janus-port", janus_port);
  CLI11_PARSE(app, argc, argv);
  places.measured = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  if (bridge_cpu >= 0) places.bridge.cpu = bridge_cpu;
  if (load_cpu >= 0) places.load.cpu = load_cpu;

  if (const auto address = SocketAddress::parse(janus_ip, janus_port)) janus.address = *address;
  move_to(places.bridge);
  bool worked = true;
  for (int i = 0; i < repeat; ++i) {
    if (means == "floor" || means == "both")
      worked &= report("floor", scene, seconds, run_floor(scene, places));
    if (means == "bridge" || means == "both")
      worked &= report("bridge", scene, seconds, run_bridge(scene, places));
    if (means == "janus") worked &= report("janus", scene, seconds, run_janus(scene, places, janus));
  }
  return worked ? 0 : 1;
}
