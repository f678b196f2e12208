#include "wire/rtcp_feedback.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "support/hex.h"

namespace cloister::wire {
namespace {

using test::hex;

RtcpPacket only_packet(Bytes compound) {
  RtcpReader packets(compound);
  const auto packet = packets.next();
  EXPECT_TRUE(packet);
  return packet.value_or(RtcpPacket{});
}

template <class Write>
std::vector<std::byte> written(Write&& write) {
  std::array<std::byte, 1500> room{};
  ByteWriter out(room);
  write(out);
  EXPECT_TRUE(out.ok());
  return {out.written().begin(), out.written().end()};
}

void expect_round_trip(const std::vector<std::uint16_t>& missing) {
  const auto bytes = written([&](ByteWriter& out) { write_nack(out, Ssrc{1}, Ssrc{2}, missing); });
  const auto nack = parse_nack(only_packet(bytes));
  ASSERT_TRUE(nack);
  EXPECT_EQ(nack->sender, Ssrc{1});
  EXPECT_EQ(nack->media, Ssrc{2});
  std::vector<std::uint16_t> read;
  nack->for_each([&](std::uint16_t sequence) { read.push_back(sequence); });
  EXPECT_EQ(read, missing);
}

TEST(Nack, NamesWhatIsMissing) {
  expect_round_trip({5});
  expect_round_trip({5, 6, 21});
  expect_round_trip({5, 22});
  expect_round_trip({0xfffe, 0xffff, 0, 1});
  expect_round_trip({1, 100, 200, 216, 217});
}

TEST(Nack, ReadsTheLastBitOfTheMask) {
  const auto bytes = hex("81cd0003 00000001 00000002 000a 8000");
  std::vector<std::uint16_t> read;
  parse_nack(only_packet(bytes))->for_each([&](std::uint16_t sequence) { read.push_back(sequence); });
  EXPECT_EQ(read, (std::vector<std::uint16_t>{10, 26}));
}

TEST(Nack, WithoutItemsIsRefused) {
  EXPECT_FALSE(parse_nack(only_packet(hex("81cd0002 00000001 00000002"))));
  EXPECT_FALSE(parse_nack(only_packet(hex("81cd0001 00000001"))));
}

TEST(Pli, ComesBackAsWritten) {
  const auto bytes = written([](ByteWriter& out) { write_pli(out, {.sender = Ssrc{1}, .media = Ssrc{2}}); });
  EXPECT_EQ(bytes, hex("81ce0002 00000001 00000002"));
  const auto pli = parse_pli(only_packet(bytes));
  ASSERT_TRUE(pli);
  EXPECT_EQ(pli->media, Ssrc{2});
  EXPECT_FALSE(parse_pli(only_packet(hex("81ce0001 00000001"))));
  EXPECT_FALSE(parse_nack(only_packet(bytes)));
}

TEST(Fir, NamesEachSource) {
  const auto bytes = written([](ByteWriter& out) { write_fir(out, Ssrc{1}, Ssrc{2}, 3); });
  EXPECT_EQ(bytes, hex("84ce0004 00000001 00000000 00000002 03000000"));
  std::vector<Ssrc> media;
  parse_fir(only_packet(bytes))->for_each([&](Ssrc ssrc) { media.push_back(ssrc); });
  EXPECT_EQ(media, std::vector{Ssrc{2}});
  EXPECT_FALSE(parse_fir(only_packet(hex("84ce0002 00000001 00000000"))));
}

TEST(Remb, KeepsEighteenBitsOfTheBitrate) {
  const std::array sources{Ssrc{2}, Ssrc{3}};
  for (const std::uint64_t bitrate : {0ULL, 1ULL, 262143ULL, 262144ULL, 2'500'000ULL, 1ULL << 40}) {
    const auto bytes =
        written([&](ByteWriter& out) { write_remb(out, {.sender = Ssrc{1}, .bitrate = bitrate}, sources); });
    const auto remb = parse_remb(only_packet(bytes));
    ASSERT_TRUE(remb);
    EXPECT_LE(remb->bitrate, bitrate);
    EXPECT_GE(remb->bitrate + (bitrate >> 17), bitrate);
  }
}

TEST(Remb, RefusesOtherApplicationsAndOverflow) {
  const auto other = parse_remb(only_packet(hex("8fce0004 00000001 00000000 41424344 00000000")));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error(), RtcpError::wrong_type);
  const auto overflow = parse_remb(only_packet(hex("8fce0004 00000001 00000000 52454d42 00ffffff")));
  ASSERT_FALSE(overflow);
  EXPECT_EQ(overflow.error(), RtcpError::bad_field);
}

}  // namespace
}  // namespace cloister::wire
