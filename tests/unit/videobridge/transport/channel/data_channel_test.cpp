#include "videobridge/transport/channel/data_channel.h"

#include <gtest/gtest.h>

#include "support/hex.h"
#include "support/stepped_time_of_day.h"
#include "unit/videobridge/transport/two_peers.h"
#include "videobridge/transport/channel/dcep.h"

namespace cloister::videobridge::transport {
namespace {

class DataChannelTest : public testing::Test, protected TwoPeers {
protected:
  void open() {
    introduce();
    ASSERT_TRUE(run_until(1s, [&] { return both_open(); }));
  }
};

// Checklist: 175
TEST_F(DataChannelTest, LongMessagesCrossBothWaysInOrder) {
  open();
  const std::string long_up(100'000, 'u');
  const std::string long_down(200'000, 'd');
  for (const auto* text : {&long_up, &long_up}) EXPECT_TRUE(client_.send_message(*text));
  EXPECT_TRUE(client_.send_message(""));
  EXPECT_TRUE(client_.send_message("{}"));
  EXPECT_TRUE(bridge_.send_message(long_down));
  EXPECT_TRUE(bridge_.send_message("last"));
  ASSERT_TRUE(run_until(10s, [&] { return bridge_.messages.size() == 4 && client_.messages.size() == 2; }));
  EXPECT_TRUE(bridge_.messages == (std::vector<std::string>{long_up, long_up, "", "{}"}));
  EXPECT_TRUE(client_.messages == (std::vector<std::string>{long_down, "last"}));
  EXPECT_LE(network_.largest(), 1300U);
}

TEST_F(DataChannelTest, TheLongestMessageArrivesAndALongerOneIsNotTaken) {
  open();
  EXPECT_TRUE(client_.send_message(std::string(SctpAssociation::kMaxMessage, 'x')));
  EXPECT_FALSE(client_.send_message(std::string(SctpAssociation::kMaxMessage + 1, 'x')));
  ASSERT_TRUE(run_until(20s, [&] { return bridge_.messages.size() == 1; }));
  EXPECT_EQ(bridge_.messages[0].size(), SctpAssociation::kMaxMessage);
}

// Checklist: 218
TEST_F(DataChannelTest, ASlowPeerFillsTheQueueAndNothingElse) {
  open();
  network_.set_link({.loss = 1});
  const std::string text(50'000, 't');
  int taken = 0;
  while (client_.send_message(text)) ++taken;
  EXPECT_GE(taken, 15);
  EXPECT_LE(taken, 40);
  EXPECT_EQ(client_.drops().value(Drop::channel_full), 1U);
  network_.set_link({});
  EXPECT_TRUE(run_until(25s, [&] { return bridge_.messages.size() == static_cast<std::size_t>(taken); }));
}

TEST_F(DataChannelTest, AnIdleChannelAsksForNoTime) {
  open();
  EXPECT_TRUE(client_.send_message("once"));
  run_for(2s);
  // What remains are consent checks.
  EXPECT_GT(*bridge_.transport().next_wakeup() - network_.now(), 100ms);
  EXPECT_GT(*client_.transport().next_wakeup() - network_.now(), 100ms);
}

// Two channels face to face without DTLS, to say what a well-behaved client never does.
struct Loop final : DataChannel::Port {
  std::vector<std::vector<std::byte>> packets;
  std::vector<std::string> log;
  void send_sctp(Bytes packet) override { packets.emplace_back(packet.begin(), packet.end()); }
  void on_channel_open(TimePoint) override { log.emplace_back("open"); }
  void on_channel_message(std::string_view text, TimePoint) override { log.emplace_back(text); }
  void on_channel_closed(TimePoint) override { log.emplace_back("closed"); }
};

class StrangerTest : public testing::Test {
protected:
  // Until both are silent.
  void exchange() {
    for (int quiet = 0; quiet < 3; ++quiet) {
      now_ += 20ms;
      channel_.on_wakeup(now_);
      stranger_.step(now_);
      for (auto mail = stranger_.take_mail(); !mail.packets.empty() || !bridge_.packets.empty();
           mail = stranger_.take_mail()) {
        for (auto& message : mail.messages) received_.push_back(std::move(message));
        for (const auto& packet : mail.packets) channel_.on_packet(packet, now_);
        for (const auto& packet : std::exchange(bridge_.packets, {})) stranger_.on_packet(packet);
        quiet = 0;
      }
    }
  }
  void send(std::uint16_t stream, std::uint32_t ppid, Bytes message) {
    EXPECT_TRUE(stranger_.send(stream, ppid, message));
    exchange();
  }
  void send_open(std::uint16_t stream, std::string_view label) {
    std::array<std::byte, 100> open;
    send(stream, ppid::kDcep, std::span(open).first(write_dcep_open(open, label, "any protocol")));
  }

  TimePoint now_{std::chrono::hours(1)};
  Loop bridge_;
  Drops drops_;
  DataChannel channel_{DataChannel::Opener::peer, bridge_, drops_};
  SctpAssociation stranger_;
  std::vector<SctpAssociation::Message> received_;
};

// Checklist: 174, 193
TEST_F(StrangerTest, AcknowledgesOneChannelWhateverItsLabelAndNoOther) {
  exchange();
  EXPECT_FALSE(channel_.is_open());
  send_open(6, "whatever");
  EXPECT_TRUE(channel_.is_open());
  send_open(8, "another");
  EXPECT_EQ(bridge_.log, std::vector<std::string>{"open"});
  EXPECT_EQ(drops_.value(Drop::channel_refused), 1U);

  EXPECT_TRUE(channel_.send("hello"));
  EXPECT_TRUE(channel_.send(""));
  exchange();
  ASSERT_EQ(received_.size(), 3U);
  EXPECT_EQ(received_[0].ppid, ppid::kDcep);
  EXPECT_EQ(received_[1].ppid, ppid::kText);
  EXPECT_EQ(received_[1].stream, 6);
  EXPECT_EQ(received_[1].data, "hello");
  EXPECT_EQ(received_[2].ppid, ppid::kEmptyText);
}

TEST_F(StrangerTest, IgnoresBinaryOtherStreamsAndNonsense) {
  exchange();
  send_open(0, "channel");
  send(0, ppid::kBinary, as_bytes("binary"));
  send(1, ppid::kText, as_bytes("another stream"));
  send(0, 12345, as_bytes("unknown ppid"));
  send(0, ppid::kDcep, as_bytes("nonsense"));
  send(0, ppid::kDcep, test::hex("02"));  // an ACK for nothing
  send(0, ppid::kText, as_bytes("text"));
  EXPECT_EQ(bridge_.log, (std::vector<std::string>{"open", "text"}));
  EXPECT_EQ(drops_.value(Drop::channel_refused), 3U);
  EXPECT_EQ(drops_.value(Drop::channel_malformed), 2U);
}

TEST_F(StrangerTest, DropsAMessageOverTheLimitAndGoesOn) {
  exchange();
  send_open(0, "channel");
  send(0, ppid::kText, as_bytes(std::string(SctpAssociation::kMaxMessage + 1, 'x')));
  send(0, ppid::kText, as_bytes("after"));
  EXPECT_EQ(bridge_.log, (std::vector<std::string>{"open", "after"}));
  EXPECT_EQ(drops_.value(Drop::channel_too_long), 1U);
}

struct Refusal {
  const char* why;
  const char* message;
  DcepError error;
};
constexpr Refusal kRefusals[] = {
    {"empty",                "",                                   DcepError::truncated   },
    {"unknown type",         "01",                                 DcepError::unknown_type},
    {"OPEN without lengths", "03 00 0000 00000000 0000",           DcepError::truncated   },
    {"label past the end",   "03 00 0000 00000000 0002 0000 61",   DcepError::bad_length  },
    {"bytes behind the end", "03 00 0000 00000000 0001 0000 6162", DcepError::bad_length  },
};
TEST(Dcep, RefusesMalformedMessages) {
  for (const auto& [why, text, error] : kRefusals) {
    SCOPED_TRACE(why);
    const auto message = test::hex(text);
    const auto dcep = parse_dcep(message);
    ASSERT_FALSE(dcep);
    EXPECT_EQ(dcep.error(), error);
  }
}

TEST(Dcep, ReadsWhatItWrites) {
  std::array<std::byte, 100> space;
  const auto open = parse_dcep(std::span(space).first(write_dcep_open(space, "label", "protocol")));
  ASSERT_TRUE(open);
  EXPECT_EQ(open->type, DcepType::open);
  EXPECT_EQ(open->label, "label");
  EXPECT_EQ(open->protocol, "protocol");
  EXPECT_EQ(parse_dcep(std::span(space).first(write_dcep_ack(space)))->type, DcepType::ack);
}

}  // namespace
}  // namespace cloister::videobridge::transport
