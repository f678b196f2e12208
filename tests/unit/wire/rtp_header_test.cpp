#include "wire/rtp_header.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "support/hex.h"

namespace cloister::wire {
namespace {

using test::hex;

struct Refusal {
  const char* why;
  const char* datagram;
  RtpError error;
};
constexpr Refusal kRefusals[] = {
    {"empty",                                    "",                                             RtpError::truncated        },
    {"a byte short of the fixed header",         "80 60 0001 00000001 000000",                   RtpError::truncated        },
    {"version 1",                                "40 60 0001 00000001 00000001",                 RtpError::not_version_2    },
    {"one CSRC announced, none there",           "81 60 0001 00000001 00000001",                 RtpError::csrc_overrun     },
    {"15 CSRCs announced, one there",            "8f 60 0001 00000001 00000001 00000002",        RtpError::csrc_overrun     },
    {"extension announced, nothing there",       "90 60 0001 00000001 00000001",                 RtpError::extension_overrun},
    {"extension length missing",                 "90 60 0001 00000001 00000001 bede",            RtpError::extension_overrun},
    {"extension of one word, three bytes there", "90 60 0001 00000001 00000001 bede0001 100000",
     RtpError::extension_overrun                                                                                            },
    {"padding announced, nothing there",         "a0 60 0001 00000001 00000001",                 RtpError::padding_overrun  },
    {"padding of zero bytes",                    "a0 60 0001 00000001 00000001 aa00",            RtpError::padding_overrun  },
    {"padding longer than what is left",         "a0 60 0001 00000001 00000001 aa03",            RtpError::padding_overrun  },
};

TEST(RtpHeader, RefusesMalformedPackets) {
  for (const auto& [why, datagram, error] : kRefusals) {
    SCOPED_TRACE(why);
    const auto bytes = hex(datagram);
    const auto header = parse_rtp(bytes);
    ASSERT_FALSE(header);
    EXPECT_EQ(header.error(), error);
  }
}

TEST(RtpHeader, ReadsEveryField) {
  const auto bytes = hex("b1 e0 fffe 01020304 0a0b0c0d  00000007  bede0001 10ff0000  aabbcc 000003");
  const auto header = parse_rtp(bytes);
  ASSERT_TRUE(header);
  EXPECT_EQ(header->payload_type, 96);
  EXPECT_TRUE(header->marker);
  EXPECT_EQ(header->sequence, 0xfffe);
  EXPECT_EQ(header->timestamp, 0x01020304U);
  EXPECT_EQ(header->ssrc, Ssrc{0x0a0b0c0d});
  EXPECT_EQ(header->csrcs.size(), 4U);
  EXPECT_EQ(header->extension_profile, 0xbede);
  EXPECT_EQ(header->extension.size(), 4U);
  EXPECT_EQ(header->payload.size(), 3U);
  EXPECT_EQ(header->padding, 3);
}

TEST(RtpHeader, APacketOfPaddingOnlyHasNoPayload) {
  const auto bytes = hex("a0 60 0001 00000001 00000001 000003");
  const auto header = parse_rtp(bytes);
  ASSERT_TRUE(header);
  EXPECT_TRUE(header->payload.empty());
}

TEST(RtpHeader, WritesWhatItReads) {
  const auto bytes = hex("81 e0 fffe 01020304 0a0b0c0d 00000007");
  const auto header = parse_rtp(bytes);
  ASSERT_TRUE(header);
  std::array<std::byte, 64> room{};
  ByteWriter out(room);
  write_rtp_header(out, *header, HasExtension::no);
  EXPECT_TRUE(std::ranges::equal(out.written(), bytes));
}

}  // namespace
}  // namespace cloister::wire
