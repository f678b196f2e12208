#include "base/bytes.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "support/hex.h"

namespace cloister {
namespace {

using test::hex;

TEST(ByteReader, ReadsNetworkOrder) {
  const auto bytes = hex("01 0203 040506 0708090a 0b0c0d0e0f101112 ff");
  ByteReader in(bytes);
  EXPECT_EQ(in.u8(), 0x01);
  EXPECT_EQ(in.u16(), 0x0203);
  EXPECT_EQ(in.u24(), 0x040506U);
  EXPECT_EQ(in.u32(), 0x0708090aU);
  EXPECT_EQ(in.u64(), 0x0b0c0d0e0f101112U);
  EXPECT_EQ(in.position(), 18U);
  EXPECT_EQ(in.left(), 1U);
  EXPECT_EQ(in.rest().size(), 1U);
  EXPECT_TRUE(in.ok());
}

TEST(ByteReader, TurnsBadAtTheEndAndStaysSo) {
  const auto bytes = hex("01 02 03");
  ByteReader in(bytes);
  EXPECT_EQ(in.u32(), 0U) << "no part of a number that is not whole";
  EXPECT_FALSE(in.ok());
  EXPECT_EQ(in.left(), 0U);
  EXPECT_EQ(in.u8(), 0) << "a bad reader yields nothing more";
  EXPECT_FALSE(in.ok());
}

TEST(ByteReader, TakesAndSkipsWithinItsSpan) {
  const auto bytes = hex("01 02 03 04");
  ByteReader in(bytes);
  in.skip(1);
  EXPECT_EQ(get_u16(in.take(2), 0), 0x0203);
  EXPECT_TRUE(in.take(0).empty());
  EXPECT_TRUE(in.ok());
  EXPECT_TRUE(in.take(static_cast<std::size_t>(-1)).empty()) << "a huge length must not wrap";
  EXPECT_FALSE(in.ok());
}

TEST(ByteReader, AnEmptySpanHasNothing) {
  ByteReader in({});
  EXPECT_TRUE(in.rest().empty());
  EXPECT_TRUE(in.ok());
  in.u8();
  EXPECT_FALSE(in.ok());
}

TEST(ByteWriter, WritesWhatTheReaderReads) {
  std::array<std::byte, 32> memory;
  memory.fill(std::byte{0xee});
  ByteWriter out(memory);
  out.u8(0x01).u16(0x0203).u24(0x040506).u32(0x0708090a).u64(0x0b0c0d0e0f101112).zeros(2).bytes(hex("aa bb"));
  ASSERT_TRUE(out.ok());
  const auto expected = hex("01 0203 040506 0708090a 0b0c0d0e0f101112 0000 aabb");
  EXPECT_TRUE(std::ranges::equal(out.written(), expected));
  EXPECT_EQ(out.size(), expected.size());
  EXPECT_EQ(out.left(), memory.size() - expected.size());
  EXPECT_EQ(memory[expected.size()], std::byte{0xee}) << "nothing behind what was written";
}

TEST(ByteWriter, NeverWritesPastItsSpan) {
  std::array<std::byte, 4> memory{};
  ByteWriter out{std::span(memory).first(3)};
  out.u16(0x0102).u16(0x0304);
  EXPECT_FALSE(out.ok());
  EXPECT_EQ(out.size(), 2U) << "a field is written whole or not at all";
  EXPECT_EQ(memory[2], std::byte{0});
  out.u8(5);
  EXPECT_FALSE(out.ok()) << "what fits later does not heal it";
  EXPECT_EQ(memory[3], std::byte{0});
}

TEST(ByteWriter, GivesRoomToFillInLater) {
  std::array<std::byte, 6> memory{};
  ByteWriter out(memory);
  const MutableBytes length = out.room(2);
  out.u32(0xcafebabe);
  set_u16(length, 0, 4);
  EXPECT_TRUE(std::ranges::equal(out.written(), hex("0004 cafebabe")));
  EXPECT_TRUE(out.room(1).empty());
  EXPECT_FALSE(out.ok());
}

TEST(Bytes, FixedFieldsAreInNetworkOrder) {
  std::array<std::byte, 8> memory{};
  set_u8(memory, 0, 0x12);
  set_u16(memory, 1, 0x3456);
  set_u32(memory, 3, 0x789abcde);
  EXPECT_TRUE(std::ranges::equal(memory, hex("12 3456 789abcde 00")));
  EXPECT_EQ(get_u8(memory, 0), 0x12);
  EXPECT_EQ(get_u16(memory, 1), 0x3456);
  EXPECT_EQ(get_u32(memory, 3), 0x789abcdeU);
}

}  // namespace
}  // namespace cloister
