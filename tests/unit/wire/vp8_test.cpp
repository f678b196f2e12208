#include "wire/vp8.h"

#include <gtest/gtest.h>

#include "support/hex.h"
#include "wire/picture_numbers.h"

namespace cloister::wire {
namespace {

using test::hex;

TEST(Vp8, RefusesDescriptorsThatAreCutOff) {
  for (const char* payload :
       {"", "10", "80", "9080", "908080", "90 e0 8001", "90 e0 8001 05", "90 e0 8001 05 20"})
    EXPECT_FALSE(parse_vp8(hex(payload))) << payload;
}

TEST(Vp8, ReadsAllOptionalFields) {
  const auto payload = hex("b0 e0 9234 56 a0 01");
  const auto vp8 = parse_vp8(payload);
  ASSERT_TRUE(vp8);
  EXPECT_EQ(vp8->size, 6U);
  EXPECT_TRUE(vp8->frame_start);
  EXPECT_TRUE(vp8->non_reference);
  EXPECT_EQ(vp8->picture_id, 0x1234);
  EXPECT_EQ(vp8->tl0_picture_index, 0x56);
  EXPECT_EQ(vp8->temporal, 2);
  EXPECT_TRUE(vp8->layer_sync);
  EXPECT_FALSE(vp8->key_frame);
}

struct Case {
  const char* what;
  const char* payload;
  std::size_t size;
  bool start;
  bool key;
};
constexpr Case kCases[] = {
    {"no extensions, key frame",   "10 00",       1, true,  true },
    {"no extensions, delta frame", "10 01",       1, true,  false},
    {"not the first packet",       "00 00",       1, false, false},
    {"start of another partition", "11 00",       1, false, false},
    {"short picture id",           "90 80 7f 00", 3, true,  true },
    {"temporal layer only",        "90 20 40 00", 3, true,  true },
    {"key index only",             "90 10 1f 01", 3, true,  false},
};

TEST(Vp8, TellsFrameStartsAndKeyFrames) {
  for (const auto& [what, payload, size, start, key] : kCases) {
    SCOPED_TRACE(what);
    const auto vp8 = parse_vp8(hex(payload));
    ASSERT_TRUE(vp8);
    EXPECT_EQ(vp8->size, size);
    EXPECT_EQ(vp8->frame_start, start);
    EXPECT_EQ(vp8->key_frame, key);
    EXPECT_EQ(vp8->picture_id, std::nullopt);
  }
}

TEST(Vp8, TheKeyIndexIsNoTemporalLayer) {
  const auto vp8 = parse_vp8(hex("90 10 df 01"));
  ASSERT_TRUE(vp8);
  EXPECT_EQ(vp8->temporal, std::nullopt);
}

TEST(Vp8, ReadsDimensionsOfKeyFrames) {
  const auto payload = hex("10 000000 9d012a 0045 d082");  // 1280x720 with scaling bits set
  const auto size = vp8_dimensions(*parse_vp8(payload), payload);
  ASSERT_TRUE(size);
  EXPECT_EQ(size->width, 0x500);
  EXPECT_EQ(size->height, 0x2d0);
  const auto no_start_code = hex("10 000000 9d012b 0005 d002");
  EXPECT_FALSE(vp8_dimensions(*parse_vp8(no_start_code), no_start_code));
  const auto cut_off = hex("10 000000 9d012a 0005 d0");
  EXPECT_FALSE(vp8_dimensions(*parse_vp8(cut_off), cut_off));
}

TEST(Vp8, PatchesOnlyWhatIsThere) {
  const auto patched = [](std::vector<std::byte> payload) {
    const auto vp8 = *parse_vp8(payload);
    patch_picture(payload, {.picture_id = 0x1234,
                            .tl0_picture_index = 0x77,
                            .picture_id_at = vp8.picture_id_at,
                            .tl0_picture_index_at = vp8.tl0_picture_index_at});
    return payload;
  };
  EXPECT_EQ(patched(hex("90 e0 8001 05 20 01")), hex("90 e0 9234 77 20 01"));
  EXPECT_EQ(patched(hex("10 00 11")), hex("10 00 11"));
}

}  // namespace
}  // namespace cloister::wire
