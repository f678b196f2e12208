#include "wire/red.h"

#include <gtest/gtest.h>

#include "support/hex.h"

namespace cloister::wire {
namespace {

TEST(Red, ReadsTheFramesBeforeItsOwn) {
  // Two redundant blocks of 2 and 3 bytes, 1920 and 960 before the packet's own; then its own.
  const auto payload = test::hex("ef 1e0002 ef 0f0003 6f 0102 030405 0607");
  const auto red = parse_red(payload);
  ASSERT_TRUE(red);
  ASSERT_EQ(red->redundant().size(), 2U);
  EXPECT_EQ(red->redundant()[0].payload_type, 111);
  EXPECT_EQ(red->redundant()[0].timestamp_offset, 1920);
  EXPECT_EQ(get_u16(red->redundant()[0].data, 0), 0x0102);
  EXPECT_EQ(red->redundant()[1].timestamp_offset, 960);
  EXPECT_EQ(red->redundant()[1].data.size(), 3U);
  EXPECT_EQ(red->primary.payload_type, 111);
  EXPECT_EQ(get_u16(red->primary.data, 0), 0x0607);
}

TEST(Red, AloneThereIsOneByteInFront) {
  const auto payload = test::hex("6f aabb");
  const auto red = parse_red(payload);
  ASSERT_TRUE(red);
  EXPECT_TRUE(red->redundant().empty());
  EXPECT_EQ(red->primary.data.size(), 2U);
}

struct Refusal {
  const char* why;
  const char* payload;
  RedError error;
};
constexpr Refusal kRefusals[] = {
    {"nothing",                      "",                                                    RedError::truncated      },
    {"a block header cut off",       "ef 0f00",                                             RedError::truncated      },
    {"no header of its own frame",   "ef 0f0001",                                           RedError::truncated      },
    {"a block longer than the rest", "ef 0f0003 6f 0102",                                   RedError::block_overrun  },
    {"nine redundant blocks",
     "ef000000 ef000000 ef000000 ef000000 ef000000 ef000000 ef000000 ef000000 ef000000 6f", RedError::too_many_blocks},
};

TEST(Red, RefusesMalformedPayloads) {
  for (const auto& [why, payload, error] : kRefusals) {
    SCOPED_TRACE(why);
    const auto bytes = test::hex(payload);
    const auto red = parse_red(bytes);
    ASSERT_FALSE(red);
    EXPECT_EQ(red.error(), error);
  }
}

}  // namespace
}  // namespace cloister::wire
