#include "wire/dependency_descriptor.h"

#include <gtest/gtest.h>

#include "support/call/dependency_writer.h"
#include "support/hex.h"
#include "wire/av1.h"

namespace cloister::wire {
namespace {

using support::DependencyWriter;
using test::hex;

TEST(BitReader, ReadsAcrossBytesAndStopsAtTheEnd) {
  const auto bytes = hex("a5 3c");
  BitReader in(bytes);
  EXPECT_EQ(in.number(3), 5U);
  EXPECT_EQ(in.number(7), 0x14U);
  EXPECT_EQ(in.left(), 6U);
  EXPECT_EQ(in.number(7), 0U);
  EXPECT_FALSE(in.ok());
}

TEST(BitReader, OneOfFiveTakesTwoOrThreeBits) {
  const auto bytes = hex("1b 80");  // 00 01 10 111
  BitReader in(bytes);
  EXPECT_EQ(in.one_of(5), 0U);
  EXPECT_EQ(in.one_of(5), 1U);
  EXPECT_EQ(in.one_of(5), 2U);
  EXPECT_EQ(in.one_of(5), 4U);
  EXPECT_EQ(in.one_of(1), 0U);
  EXPECT_EQ(in.position(), 9U);
}

TEST(BitWriter, WritesNothingBehindItsRoom) {
  std::array<std::byte, 2> room{};
  BitWriter out(room);
  out.number(5, 3);
  out.number(0x14, 7);
  EXPECT_EQ(out.size(), 2U);
  out.number(1, 7);
  EXPECT_FALSE(out.ok());
  EXPECT_EQ(get_u8(room, 0), 0xa5);
}

TEST(DependencyDescriptor, RefusesWhatIsCutOff) {
  DependencyStructure structure;
  const auto whole = DependencyWriter(3, false, 0).write({.key = true, .structure = true});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto parsed = parse_dependency_descriptor(std::span(whole).first(length), structure);
    if (length == 3) {  // the mandatory fields stand alone
      ASSERT_TRUE(parsed);
      EXPECT_FALSE(parsed->frame);
      continue;
    }
    EXPECT_FALSE(parsed) << length;
    EXPECT_EQ(structure.template_count, 0) << "half a structure is none";
  }
}

TEST(DependencyDescriptor, ReadsTheStructureOfAKeyFrame) {
  DependencyStructure structure;
  const DependencyWriter sender(3, false, 60);
  const auto key = parse_dependency_descriptor(
      sender.write({.number = 0x1234, .key = true, .end = false, .structure = true}), structure);
  ASSERT_TRUE(key && key->frame);
  EXPECT_TRUE(key->frame_start);
  EXPECT_FALSE(key->frame_end);
  EXPECT_EQ(key->frame_number, 0x1234);
  EXPECT_TRUE(key->has_structure);
  EXPECT_TRUE(key->frame->references().empty());
  EXPECT_EQ(structure.target_count, 9);
  EXPECT_EQ(structure.spatial_layers, 3);
  EXPECT_EQ(structure.all_targets(), 0x1ffU);
  EXPECT_EQ(structure.targets[5].spatial, 1);
  EXPECT_EQ(structure.targets[5].temporal, 2);
  ASSERT_TRUE(structure.has_sizes);
  EXPECT_EQ(structure.sizes[2].width, 1280);
  EXPECT_EQ(structure.sizes[2].height, 720);

  const auto upper =
      parse_dependency_descriptor(sender.write({.number = 0x1235, .spatial = 1, .key = true}), structure);
  ASSERT_TRUE(upper && upper->frame);
  EXPECT_EQ(upper->frame->spatial, 1);
  ASSERT_EQ(upper->frame->references().size(), 1U);
  EXPECT_EQ(upper->frame->references()[0], 1);

  const auto delta =
      parse_dependency_descriptor(sender.write({.number = 0x1237, .spatial = 2, .temporal = 1}), structure);
  ASSERT_TRUE(delta && delta->frame);
  EXPECT_EQ(delta->frame->temporal, 1);
  EXPECT_EQ(delta->frame->references()[0], 6);
  EXPECT_EQ(delta->frame->indication(8), Indication::switching);
  EXPECT_EQ(delta->frame->indication(6), Indication::not_present);
  EXPECT_EQ(delta->frame->indication(2), Indication::not_present);
}

TEST(DependencyDescriptor, AFrameMayDifferFromItsTemplate) {
  DependencyStructure structure;
  const DependencyWriter sender(1, true, 0);
  ASSERT_TRUE(parse_dependency_descriptor(sender.write({.key = true, .structure = true}), structure));
  const auto frame =
      parse_dependency_descriptor(sender.write({
                                      .number = 9, .active_targets = 3, .own_references = {1, 300}
  }),
                                  structure);
  ASSERT_TRUE(frame && frame->frame);
  EXPECT_EQ(frame->active_targets, 3U);
  ASSERT_EQ(frame->frame->references().size(), 2U);
  EXPECT_EQ(frame->frame->references()[1], 300);
}

TEST(DependencyDescriptor, WithoutItsKeyFrameAFrameIsNotKnown) {
  DependencyStructure structure;
  const DependencyWriter sender(1, true, 0);
  auto frame = parse_dependency_descriptor(sender.write({.number = 7}), structure);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->frame_number, 7);
  EXPECT_FALSE(frame->frame);
  ASSERT_TRUE(parse_dependency_descriptor(sender.write({.key = true, .structure = true}), structure));
  const DependencyWriter other(1, true, 20);
  frame = parse_dependency_descriptor(other.write({.number = 8}), structure);
  ASSERT_TRUE(frame);
  EXPECT_FALSE(frame->frame);
}

TEST(DependencyDescriptor, RefusesMoreThanItCanHold) {
  DependencyStructure structure;
  const DependencyWriter sender(1, true, 0);
  ASSERT_TRUE(parse_dependency_descriptor(sender.write({.key = true, .structure = true}), structure));
  const auto many = parse_dependency_descriptor(
      sender.write({.own_references = std::vector<std::uint16_t>(9, 1)}), structure);
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error(), DependencyError::too_many_references);
  std::vector<std::byte> templates = hex("80 0000 80 00");
  templates.resize(40);  // a template after the other, all of the same layer
  const auto endless = parse_dependency_descriptor(templates, structure);
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error(), DependencyError::too_many_templates);
}

std::vector<std::byte> written(Bytes original, const DependencyNumbers& numbers) {
  std::vector<std::byte> out(255);
  out.resize(write_dependency_descriptor(out, original, numbers));
  return out;
}

TEST(DependencyDescriptor, ADeltaFrameIsWrittenWithOtherNumbers) {
  EXPECT_EQ(written(hex("c5 0007"), {.frame_number = 0x1234, .template_shift = 60}), hex("c1 1234"));
  // Nine targets, of which three are left: flags 01000, then the bits.
  EXPECT_EQ(written(hex("85 0007"), {.frame_number = 0x1234, .target_count = 9, .active_targets = 7}),
            hex("85 1234 40 1c"));
}

TEST(DependencyDescriptor, WhatIsWrittenReadsAsTheSameFrame) {
  const DependencyWriter sender(2, true, 62);
  const DependencyWriter::Frame frames[] = {
      {.number = 1,             .key = true,                .structure = true         },
      {.number = 2,             .spatial = 1,               .key = true,                .structure = true, .active_targets = 0x3f},
      {.number = 3, .temporal = 2,                           .active_targets = 0x15,                                           .own_references = {2, 200}},
      {.number = 4, .spatial = 1,.temporal = 1},
  };
  DependencyStructure before;
  DependencyStructure after;
  for (const auto& frame : frames) {
    const auto original = sender.write(frame);
    const auto sent = parse_dependency_descriptor(original, before);
    const auto received = parse_dependency_descriptor(
        written(original,
                {.frame_number = 500, .template_shift = 7, .target_count = 6, .active_targets = 0x07}),
        after);
    ASSERT_TRUE(sent && sent->frame && received && received->frame);
    EXPECT_EQ(received->frame_number, 500);
    EXPECT_EQ(received->template_id, (sent->template_id + 7) % 64);
    EXPECT_EQ(received->active_targets, 0x07U);
    EXPECT_EQ(received->has_structure, sent->has_structure);
    EXPECT_EQ(received->frame->spatial, sent->frame->spatial);
    EXPECT_EQ(received->frame->temporal, sent->frame->temporal);
    EXPECT_EQ(received->frame->indications, sent->frame->indications);
    EXPECT_EQ(received->frame->frames_back, sent->frame->frames_back);
    EXPECT_EQ(after.template_id_offset, (before.template_id_offset + 7) % 64);
    EXPECT_EQ(after.sizes[1].height, 360);
  }
}

TEST(DependencyDescriptor, WithoutRoomNothingIsWritten) {
  std::array<std::byte, 4> room{};
  EXPECT_EQ(write_dependency_descriptor(room, hex("85 0007"), {.target_count = 9}), 0U);
}

TEST(Av1, TellsWhereASequenceStarts) {
  EXPECT_TRUE(starts_av1_sequence(hex("18 00")));
  EXPECT_FALSE(starts_av1_sequence(hex("10 00")));
  EXPECT_FALSE(starts_av1_sequence({}));
}

}  // namespace
}  // namespace cloister::wire
