#include <gtest/gtest.h>

#include "world/sim.h"

namespace cloister::sim {
namespace {

// Datagrams of all kinds that a stranger may think of: random ones, and ones whose first bytes lead into each
// parser.
std::vector<std::byte> garbage(std::mt19937_64& random) {
  const auto upto = [&random](std::size_t most) { return static_cast<std::size_t>(random() % (most + 1)); };
  std::vector<std::byte> out(upto(200));
  for (std::byte& b : out) b = static_cast<std::byte>(random() & 0xffU);
  constexpr std::array<std::array<std::uint8_t, 8>, 6> kStarts{
      {{0x00, 0x01, 0x00, 0x08, 0x21, 0x12, 0xa4, 0x42},
       {0x01, 0x01, 0xff, 0xfc, 0x21, 0x12, 0xa4, 0x42},
       {0x16, 0xfe, 0xfd, 0x00, 0x00, 0x00, 0x00, 0x00},
       {0x80, 0x64, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01},
       {0x9f, 0x6f, 0xff, 0xff, 0x00, 0x00, 0x00, 0x01},
       {0x80, 0xc8, 0x00, 0x06, 0x00, 0x00, 0x00, 0x01}}
  };
  const std::size_t kind = upto(kStarts.size());
  if (kind < kStarts.size())
    for (std::size_t i = 0; i < std::min(out.size(), kStarts[kind].size()); ++i)
      out[i] = std::byte{kStarts[kind][i]};
  return out;
}

TEST(Garbage, FromStrangersChangesNothingButCounters) {
  Sim sim{Seed{6}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob");
  for (Participant* one : {&alice, &bob}) {
    one->shows_camera();
    one->speaks();
  }
  sim.run_for(2s);
  bob.video_of(alice).forget(sim.now());
  for (int i = 0; i < 2000; ++i) {
    sim.network().inject(garbage(sim.random()), sim.bridge().host());
    sim.run_for(1ms);
  }
  EXPECT_GT(sim.bridge().transport_drops().value(videobridge::transport::Drop::unknown_address), 1000U);
  EXPECT_EQ(sim.bridge().transports(), 2U);
  EXPECT_GT(bob.video_of(alice).frames(), 55U) << sim.flow_diagram();
  EXPECT_LT(bob.video_of(alice).longest_freeze(sim.now()), 100ms);
  EXPECT_LT(bob.audio_of(alice).concealment(), 0.01);
}

// Checklist: 92
TEST(Garbage, UnderAParticipantsAddressChangesNothingButCounters) {
  Sim sim{Seed{7}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob");
  alice.shows_camera();
  sim.run_for(2s);
  bob.video_of(alice).forget(sim.now());
  for (int i = 0; i < 2000; ++i) {
    const auto bytes = garbage(sim.random());
    sim.network().inject_as(alice.host(), bytes, sim.bridge().host());
    sim.run_for(1ms);
  }
  EXPECT_TRUE(alice.is_connected() && bob.is_connected());
  EXPECT_GT(bob.video_of(alice).frames(), 55U) << sim.flow_diagram();
  EXPECT_LT(bob.video_of(alice).longest_freeze(sim.now()), 100ms);
}

TEST(Garbage, OnTheBridgeChannelIsPassedOver) {
  Sim sim{Seed{8}};
  Participant& alice = sim.join("alice");
  Participant& bob = sim.join("bob");
  sim.run_for(2s);
  for (const char* text :
       {"", "{", "[]", "null", R"({"colibriClass":7})", R"({"colibriClass":"NoSuchThing"})",
        R"({"colibriClass":"ReceiverVideoConstraints","lastN":"many"})", "\xff\xfe\x00"})
    alice.send_message(text);
  sim.run_for(1s);
  alice.send_message(R"({"colibriClass":"EndpointMessage","to":"bob","msgPayload":{"still":"here"}})");
  sim.run_for(1s);
  const auto& messages = bob.messages();
  EXPECT_TRUE(std::ranges::any_of(messages,
                                  [](const auto& text) { return text.find("still") != std::string::npos; }));
}

}  // namespace
}  // namespace cloister::sim
