// usrsctp is one engine for the whole process, shards are threads: associations of two threads at once. Worth
// most under the thread sanitizer.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "videobridge/transport/channel/sctp_association.h"

namespace cloister::videobridge::transport {
namespace {

// Two associations of one thread, face to face: connect, talk, end, again and again.
int messages_of_one_shard() {
  int arrived = 0;
  for (int round = 0; round < 20; ++round) {
    SctpAssociation a;
    SctpAssociation b;
    TimePoint now{std::chrono::hours(1)};
    const auto exchange = [&] {
      for (int i = 0; i < 3; ++i) {
        now += SctpAssociation::kTick;
        a.step(now);
        b.step(now);
        for (auto from_a = a.take_mail(), from_b = b.take_mail();
             !from_a.packets.empty() || !from_b.packets.empty();
             from_a = a.take_mail(), from_b = b.take_mail()) {
          arrived += static_cast<int>(from_a.messages.size() + from_b.messages.size());
          for (const auto& packet : from_a.packets) b.on_packet(packet);
          for (const auto& packet : from_b.packets) a.on_packet(packet);
        }
      }
    };
    exchange();
    const std::string text(3000, 'x');
    for (int i = 0; i < 5; ++i) {
      EXPECT_TRUE(a.send(0, 51, as_bytes(text)));
      EXPECT_TRUE(b.send(1, 51, as_bytes(text)));
      exchange();
    }
  }
  return arrived;
}

TEST(SctpThreads, AssociationsOfSeveralShardsLiveSideBySide) {
  std::vector<int> arrived(3);
  {
    std::vector<std::jthread> shards;
    for (int& count : arrived) shards.emplace_back([&count] { count = messages_of_one_shard(); });
  }
  for (const int count : arrived) EXPECT_EQ(count, 20 * 10);
}

}  // namespace
}  // namespace cloister::videobridge::transport
