// A conference in one process: the real bridge, participants and the network between them on one stepped
// clock. The same seed gives the same run.
//
//   Sim sim{Seed{7}};
//   auto& alice = sim.join("alice");
//   auto& bob = sim.join("bob", {.delay = 40ms, .loss = 0.05});
//   alice.shows_camera();
//   sim.run_for(10s);
//   EXPECT_LT(bob.video_of(alice).longest_freeze(sim.now()), 200ms) << sim.flow_diagram();
#pragma once

#include <memory>
#include <random>
#include <string>
#include <vector>

#include "support/seeded_random.h"
#include "world/participant.h"

namespace cloister::sim {

enum class Seed : std::uint64_t {};

// How somebody comes in: over which line, into which room, with how many simulcast encodings, to which
// bridge.
struct Joining {
  support::Link link{};
  std::string room = "room";
  bool data_channel = false;
  std::size_t encodings = 3;
  std::size_t bridge = 0;
};

class Sim {
public:
  explicit Sim(Seed seed, std::size_t bridges = 1, Spread spread = Spread::by_world);
  ~Sim();

  // Comes into the room; the focus invites as soon as there are two.
  Participant& join(const std::string& name, const Joining& how = {});
  // Leaves the room.
  void leave(Participant& participant);
  // Vanishes without a word; the focus notices nothing.
  void vanish(Participant& participant);

  void run_for(Duration duration);
  // Until `done` or the limit; returns whether it was done.
  bool run_until(const std::function<bool()>& done, Duration limit);
  TimePoint now() const { return clock_.now(); }

  SimBridge& bridge(std::size_t number = 0) { return *bridges_[number]; }
  SimMesh& mesh() { return *mesh_; }
  SimFocus& focus() { return *focus_; }
  support::SeededNetwork& network() { return network_; }
  std::mt19937_64& random() { return random_; }
  std::span<const std::unique_ptr<Participant>> participants() const { return participants_; }

  // What a failing test prints: the seed; and with it what the bridge dropped and the last packets.
  std::string seed_text() const;
  std::string flow_diagram() const;

private:
  TimePoint next_event() const;
  void step(TimePoint to);
  void forget(Participant& participant);

  const Seed seed_;
  support::SeededRandom openssl_random_;
  std::mt19937_64 random_;
  support::FakeClock clock_;
  support::SeededNetwork network_;
  std::vector<std::unique_ptr<SimBridge>> bridges_;
  std::unique_ptr<SimMesh> mesh_;
  std::unique_ptr<SimFocus> focus_;
  std::vector<std::unique_ptr<Participant>> participants_;
  std::uint32_t next_ssrc_ = 1000;
};

}  // namespace cloister::sim
