#include "wire/vp9.h"

#include <gtest/gtest.h>

#include "support/hex.h"
#include "wire/picture_numbers.h"

namespace cloister::wire {
namespace {

using test::hex;

TEST(Vp9, RefusesDescriptorsThatAreCutOff) {
  for (const char* payload : {
           "", "08",                                          // nothing behind the descriptor
           "88 80", "88 8001",                                // picture id
           "a8 8001 00", "a8 8001 00 05",                     // layers
           "d8 8001", "d8 8001 03 03", "f8 8001 00",          // references
           "0a", "0a 30 0140", "0a 08 01", "0a 08 01 04 05",  // scalability structure
       })
    EXPECT_FALSE(parse_vp9(hex(payload))) << payload;
}

TEST(Vp9, ReadsAKeyPictureWithItsStructure) {
  // I, L, B, V; two spatial layers with sizes; a group of two pictures, the second with two references.
  const auto vp9 = parse_vp9(hex("aa 9234 10 56 38 0140 00b4 0280 0168 02 00 28 0102 99"));
  ASSERT_TRUE(vp9);
  EXPECT_EQ(vp9->size, 19);
  EXPECT_EQ(vp9->picture_id, 0x1234);
  EXPECT_EQ(vp9->picture_id_at, 1);
  EXPECT_EQ(vp9->tl0_picture_index, 0x56);
  EXPECT_EQ(vp9->tl0_picture_index_at, 4);
  EXPECT_TRUE(vp9->switching_up);
  EXPECT_TRUE(vp9->frame_start);
  EXPECT_FALSE(vp9->frame_end);
  EXPECT_TRUE(vp9->key_frame);
  ASSERT_TRUE(vp9->structure);
  EXPECT_EQ(vp9->structure->spatial_layers, 2);
  EXPECT_TRUE(vp9->structure->has_sizes);
  EXPECT_EQ(vp9->structure->sizes[0].height, 180);
  EXPECT_EQ(vp9->structure->sizes[1].width, 640);
}

TEST(Vp9, ReadsReferencesOfFlexibleMode) {
  const auto vp9 = parse_vp9(hex("f5 8001 65 03 04 11"));  // I, P, L, F, E, Z
  ASSERT_TRUE(vp9);
  EXPECT_TRUE(vp9->flexible);
  EXPECT_TRUE(vp9->inter_picture);
  EXPECT_TRUE(vp9->inter_layer);
  EXPECT_TRUE(vp9->frame_end);
  EXPECT_TRUE(vp9->not_for_upper);
  EXPECT_EQ(vp9->temporal, 3);
  EXPECT_EQ(vp9->spatial, 2);
  EXPECT_EQ(vp9->tl0_picture_index, std::nullopt);
  ASSERT_EQ(vp9->references().size(), 2U);
  EXPECT_EQ(vp9->references()[0], 1);
  EXPECT_EQ(vp9->references()[1], 2);
}

struct Case {
  const char* what;
  const char* payload;
  std::uint8_t size;
  bool key;
};
constexpr Case kCases[] = {
    {"no ids, key picture",           "08 00",          1, true },
    {"no ids, later packet of one",   "00 00",          1, false},
    {"predicted",                     "48 00",          1, false},
    {"upper layer of a key picture",  "28 03 05 00",    3, false},
    {"a fourth reference is no more", "58 03 05 07 00", 4, false},
    {"seven bits of picture id",      "88 7f 00",       2, true },
};

TEST(Vp9, TellsKeyPicturesAndItsOwnLength) {
  for (const auto& [what, payload, size, key] : kCases) {
    SCOPED_TRACE(what);
    const auto vp9 = parse_vp9(hex(payload));
    ASSERT_TRUE(vp9);
    EXPECT_EQ(vp9->size, size);
    EXPECT_EQ(vp9->key_frame, key);
    EXPECT_EQ(vp9->picture_id, std::nullopt);
  }
}

TEST(Vp9, ItsNumbersCanBePatched) {
  auto payload = hex("a8 8001 00 05 77");
  const auto vp9 = *parse_vp9(payload);
  patch_picture(payload, {.picture_id = 0x1234,
                          .tl0_picture_index = 0x99,
                          .picture_id_at = vp9.picture_id_at,
                          .tl0_picture_index_at = vp9.tl0_picture_index_at});
  EXPECT_EQ(payload, hex("a8 9234 00 99 77"));
}

}  // namespace
}  // namespace cloister::wire
