#include "wire/rtcp.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "support/hex.h"

namespace cloister::wire {
namespace {

using test::hex;

struct Case {
  const char* what;
  const char* compound;
  std::size_t packets;
  std::optional<RtcpError> error;
};
constexpr Case kCases[] = {
    {"nothing",                        "",                                    0, std::nullopt             },
    {"an empty receiver report",       "80c90001 00000001",                   1, std::nullopt             },
    {"report and goodbye",             "80c90001 00000001 81cb0001 00000001", 2, std::nullopt             },
    {"a reduced-size PLI",             "81ce0002 00000001 00000002",          1, std::nullopt             },
    {"a header cut off",               "80c900",                              0, RtcpError::truncated     },
    {"version 1",                      "40c90001 00000001",                   0, RtcpError::not_version_2 },
    {"longer than the datagram",       "80c90002 00000001",                   0, RtcpError::length_overrun},
    {"a good packet before a bad one", "80c90001 00000001 80c9ffff",          1, RtcpError::length_overrun},
    {"padding",                        "a0c90002 00000001 00000004",          1, std::nullopt             },
    {"padding of zero bytes",          "a0c90002 00000001 00000000",          0, RtcpError::bad_field     },
    {"padding longer than the packet", "a0c90001 000000ff",                   0, RtcpError::bad_field     },
};

TEST(Rtcp, WalksCompounds) {
  for (const auto& [what, compound, count, error] : kCases) {
    SCOPED_TRACE(what);
    const auto bytes = hex(compound);
    RtcpReader packets(bytes);
    std::size_t seen = 0;
    while (packets.next()) ++seen;
    EXPECT_EQ(seen, count);
    EXPECT_EQ(packets.error(), error);
  }
}

TEST(Rtcp, SenderReportComesBackAsWritten) {
  const SenderReport report{
      .ssrc = Ssrc{7}, .ntp = 0x0102030405060708, .rtp_timestamp = 9, .packets = 10, .octets = 11};
  std::array<std::byte, 64> room{};
  ByteWriter out(room);
  write_sender_report(out, report);
  RtcpReader packets(out.written());
  const auto packet = packets.next();
  ASSERT_TRUE(packet);
  const auto read = parse_sender_report(*packet);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, report);
  EXPECT_EQ(read->compact_ntp(), 0x03040506U);
}

TEST(Rtcp, ReceiverReportComesBackAsWritten) {
  const std::vector<ReportBlock> blocks{
      {.ssrc = Ssrc{1},
       .fraction_lost = 255,
       .cumulative_lost = -5,
       .highest_sequence = 0x10002,
       .jitter = 3,
       .last_sr = 4,
       .delay_since_last_sr = 5},
      {.ssrc = Ssrc{2}, .cumulative_lost = 0x7fffff         }
  };
  std::array<std::byte, 128> room{};
  ByteWriter out(room);
  write_receiver_report(out, Ssrc{9}, blocks);
  RtcpReader packets(out.written());
  const auto packet = packets.next();
  ASSERT_TRUE(packet);
  const ReportBlocks read(*packet);
  ASSERT_EQ(read.size(), 2U);
  EXPECT_EQ(read[0], blocks[0]);
  EXPECT_EQ(read[1], blocks[1]);
}

TEST(Rtcp, ReportsThatAreShorterThanAnnouncedHaveNoBlocks) {
  const auto bytes = hex("82c90007 00000001 00000002 00000000 00000000 00000000 00000000 00000000");
  RtcpReader packets(bytes);
  const auto packet = packets.next();
  ASSERT_TRUE(packet);
  EXPECT_EQ(ReportBlocks(*packet).size(), 0U);
}

TEST(Rtcp, AShortSenderReportIsRefused) {
  const auto bytes = hex("80c80001 00000001");
  RtcpReader packets(bytes);
  const auto report = parse_sender_report(*packets.next());
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error(), RtcpError::truncated);
}

}  // namespace
}  // namespace cloister::wire
