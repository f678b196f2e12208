// The bridge in a process of its own, with the load client's participants: one question a run, answered by
// one JSON object.
#include <fmt/core.h>

#include <CLI/CLI.hpp>

#include "room/scenes.h"

int main(int argc, char** argv) {
  using namespace cloister;
  using namespace cloister::bench;
  CLI::App app("Measures the bridge with whole rooms.");
  app.require_subcommand(1);
  Stands stands;
  MediaScene scene;
  double seconds = 2;
  double settling = 0.5;
  int bridge_cpu = -1;
  int load_cpu = -1;
  std::size_t count = 0;
  std::string srtp = "gcm";
  std::string junk = "random";
  app.add_option("--seconds", seconds, "measured")->check(CLI::Range(0.1, 60.0));
  app.add_option("--settling", settling, "seconds from the first two participants to the others")
      ->check(CLI::Range(0.1, 60.0));
  app.add_option("--bridge-namespace", stands.bridge.network_namespace);
  app.add_option("--bridge-ip", stands.bridge.ip);
  app.add_option("--bridge-cpu", bridge_cpu);
  app.add_option("--load-namespace", stands.load.network_namespace);
  app.add_option("--load-ip", stands.load.ip);
  app.add_option("--load-cpu", load_cpu);

  CLI::App* media = app.add_subcommand("media", "rooms in which something is sent");
  media->add_option("--rooms", scene.rooms)->check(CLI::Range(1, 200));
  media->add_option("--senders", scene.senders, "of video, per room")->check(CLI::Range(0, 500));
  media->add_option("--talkers", scene.talkers, "per room")->check(CLI::Range(0, 500));
  media->add_option("--receivers", scene.receivers, "per room, who send nothing")->check(CLI::Range(0, 500));
  media->add_option("--layers", scene.layers)->check(CLI::Range(1, 3));
  media->add_option("--height", scene.height, "that is asked for");
  media->add_option("--last-n", scene.last_n);
  media->add_option("--loudest", scene.loudest, "voices that are forwarded; 0: all");
  media->add_option("--srtp", srtp)->check(CLI::IsMember({"gcm", "cm"}));
  media->add_option("--flood", scene.flood, "datagrams a second that nobody asked for")
      ->check(CLI::Range(0, 200000));
  media->add_option("--junk", junk)->check(CLI::IsMember({"random", "stun"}));
  CLI::App* joins = app.add_subcommand("joins", "one after the other");
  CLI::App* storm = app.add_subcommand("storm", "many at once");
  CLI::App* conferences = app.add_subcommand("conferences", "made and ended");
  for (CLI::App* one : {joins, storm, conferences})
    one->add_option("--count", count)->required()->check(CLI::Range(1, 100000));
  CLI::App* receiving =
      app.add_subcommand("receiving", "what a flood costs that is only received, ns a datagram");
  receiving->add_option("--flood", scene.flood)->required()->check(CLI::Range(1, 200000));
  CLI11_PARSE(app, argc, argv);

  stands.measured = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(seconds));
  stands.settling = std::chrono::duration_cast<Duration>(std::chrono::duration<double>(settling));
  if (bridge_cpu >= 0) stands.bridge.cpu = bridge_cpu;
  if (load_cpu >= 0) stands.load.cpu = load_cpu;
  if (srtp == "cm") scene.srtp = SrtpChoice::cm_sha1_80;
  if (junk == "stun") scene.junk = Junk::stun;

  bool worked = true;
  if (media->parsed()) worked = measure_media(scene, stands);
  if (joins->parsed()) worked = measure_joins(count, stands);
  if (storm->parsed()) worked = measure_storm(count, stands);
  if (conferences->parsed()) worked = measure_conferences(count, stands);
  if (receiving->parsed())
    fmt::print("{{\"ns\":{:.0f}}}\n", cost_of_receiving(stands.bridge, stands.load, scene.flood, scene.junk));
  return worked ? 0 : 1;
}
