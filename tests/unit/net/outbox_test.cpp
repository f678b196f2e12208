#include "net/outbox.h"

#include <gtest/gtest.h>

#include <string>

namespace cloister::net {
namespace {

struct Recorder final : DatagramSender {
  std::vector<std::vector<std::string>> batches;
  void send(std::span<const Datagram> batch) override {
    batches.emplace_back();
    for (const Datagram& one : batch) batches.back().emplace_back(as_text(one.bytes));
  }
};

const Path kSomewhere(*SocketAddress::parse("192.0.2.1", 1000));

void put(Outbox& outbox, std::string_view text) {
  std::memcpy(outbox.reserve().data(), text.data(), text.size());
  outbox.commit(text.size(), kSomewhere);
}

TEST(Outbox, HandsOverAllDatagramsOfABatchTogether) {
  Recorder sender;
  Outbox outbox(sender);
  outbox.flush();
  EXPECT_TRUE(sender.batches.empty());
  put(outbox, "one");
  outbox.reserve();  // taken back: never committed
  put(outbox, "two");
  outbox.send(as_bytes("three"), kSomewhere);
  EXPECT_TRUE(sender.batches.empty());
  outbox.flush();
  ASSERT_EQ(sender.batches.size(), 1U);
  EXPECT_EQ(sender.batches[0], (std::vector<std::string>{"one", "two", "three"}));
}

TEST(Outbox, FlushesItselfWhenFull) {
  Recorder sender;
  Outbox few(sender, 2);
  for (const char* text : {"a", "b", "c"}) put(few, text);
  EXPECT_EQ(sender.batches, (std::vector<std::vector<std::string>>{
                                {"a", "b"}
  }));

  sender.batches.clear();
  Outbox small(sender, 100, Outbox::kMaxDatagram + 2);
  for (const char* text : {"aa", "b", "c"}) put(small, text);
  EXPECT_EQ(sender.batches, (std::vector<std::vector<std::string>>{
                                {"aa", "b"}
  }));
}

}  // namespace
}  // namespace cloister::net
