#include "videobridge/media/outgoing/packet_writer.h"

#include <gtest/gtest.h>

#include <map>
#include <vector>

#include "support/hex.h"
#include "wire/header_extension.h"

namespace cloister::videobridge::media {
namespace {

using test::hex;

class PacketWriterTest : public testing::Test {
protected:
  PacketWriterTest() {
    fields_.header.payload_type = 100;
    fields_.header.sequence = 7;
    fields_.header.ssrc = Ssrc{9};
    fields_.header.payload = payload_;
    extensions_.add(1, ExtensionKind::audio_level);
    extensions_.add(5, ExtensionKind::transport_cc);
    extensions_.add(11, ExtensionKind::dependency_descriptor);
  }
  wire::RtpHeader write() {
    const std::size_t length = write_packet(room_, fields_, extensions_);
    return wire::parse_rtp(std::span(room_).first(length)).value();
  }
  static std::map<int, std::size_t> sizes(const wire::RtpHeader& header) {
    std::map<int, std::size_t> out;
    wire::ExtensionReader elements(header);
    while (const auto element = elements.next()) out[element->id] = element->data.size();
    return out;
  }

  std::vector<std::byte> payload_ = hex("0102030405");
  std::vector<std::byte> long_element_ = std::vector<std::byte>(40, std::byte{7});
  PacketFields fields_;
  ExtensionMap extensions_;
  std::array<std::byte, 1500> room_{};
};

TEST_F(PacketWriterTest, WithoutExtensionsThereIsNoBlock) {
  const wire::RtpHeader header = write();
  EXPECT_EQ(header.extension_profile, 0);
  EXPECT_TRUE(std::ranges::equal(header.payload, payload_));
}

TEST_F(PacketWriterTest, OnlyWhatTheReceiverKnowsIsWritten) {
  const auto level = hex("20");
  const auto orientation = hex("01");
  const std::array kept{
      KeptExtension{ExtensionKind::audio_level,       level      },
      KeptExtension{ExtensionKind::video_orientation, orientation}
  };
  fields_.kept = kept;
  fields_.transport_sequence = 0x1234;
  fields_.absolute_send_time = TimePoint{1s};
  const wire::RtpHeader header = write();
  EXPECT_EQ(header.extension_profile, wire::kOneByteProfile);
  EXPECT_EQ(sizes(header), (std::map<int, std::size_t>{
                               {1, 1},
                               {5, 2}
  }));
}

TEST_F(PacketWriterTest, LongElementsNeedTheTwoByteForm) {
  extensions_.add(12, ExtensionKind::video_layers_allocation);
  const std::array kept{
      KeptExtension{ExtensionKind::video_layers_allocation, long_element_}
  };
  fields_.kept = kept;
  fields_.transport_sequence = 1;
  EXPECT_EQ(sizes(write()), (std::map<int, std::size_t>{
                                {5, 2}
  }))
      << "which was not negotiated";
  extensions_.allow_mixed();
  const wire::RtpHeader header = write();
  EXPECT_EQ(header.extension_profile, wire::kTwoByteProfile);
  EXPECT_EQ(sizes(header), (std::map<int, std::size_t>{
                               {5,  2 },
                               {12, 40}
  }));
}

TEST_F(PacketWriterTest, ADependencyDescriptorGoesAlongWithItsOwnNumbersOnly) {
  const auto descriptor = hex("c5 0007");
  const std::array kept{
      KeptExtension{ExtensionKind::dependency_descriptor, descriptor}
  };
  fields_.kept = kept;
  fields_.codec = wire::PictureNumbers{};
  EXPECT_TRUE(sizes(write()).empty()) << "it would contradict the picture ids";
  fields_.codec = wire::DependencyNumbers{.frame_number = 0x1234};
  wire::ExtensionReader elements(write());
  const auto element = elements.next();
  ASSERT_TRUE(element);
  EXPECT_TRUE(std::ranges::equal(element->data, hex("c5 1234")));
}

TEST_F(PacketWriterTest, PacketsThatDifferByAByteBecomeEqual) {
  struct Case {
    std::size_t payload, length;  // without and with the header of 12 bytes
    const char* why;
  };
  constexpr Case kCases[] = {
      {.payload = 287,  .length = 299,  .why = "small ones stay as they are"              },
      {.payload = 288,  .length = 304,  .why = "the first that is rounded"                },
      {.payload = 292,  .length = 304,  .why = "a multiple already"                       },
      {.payload = 1093, .length = 1120, .why = "one frame's packets differ …"           },
      {.payload = 1094, .length = 1120, .why = "… by a byte, and leave as one train"    },
      {.payload = 1204, .length = 1216, .why = "the largest that every path carries"      },
      {.payload = 1205, .length = 1217, .why = "what is larger is as its sender wished it"},
  };
  fields_.rounded = true;
  for (const auto& [size, length, why] : kCases) {
    SCOPED_TRACE(why);
    payload_.assign(size, std::byte{0xab});
    fields_.header.payload = payload_;
    EXPECT_EQ(write_packet(room_, fields_, extensions_), length);
    const wire::RtpHeader header = write();
    EXPECT_TRUE(std::ranges::equal(header.payload, payload_)) << "padding is none of it";
    EXPECT_EQ(header.padding, length - 12 - size);
  }
}

TEST_F(PacketWriterTest, PaddingOfTheSenderIsNotAnnouncedTwice) {
  fields_.header.padding = 9;  // its bytes went with the payload's end
  EXPECT_EQ(write().padding, 0);
  fields_.rounded = true;
  payload_.assign(295, std::byte{1});
  fields_.header.payload = payload_;
  EXPECT_EQ(write().padding, 13);
}

TEST_F(PacketWriterTest, WhatDoesNotFitIsNotWritten) {
  fields_.transport_sequence = 1;
  const std::size_t length = write_packet(room_, fields_, extensions_);
  EXPECT_EQ(write_packet(std::span(room_).first(length), fields_, extensions_), length);
  for (std::size_t size = 0; size < length; ++size)
    EXPECT_EQ(write_packet(std::span(room_).first(size), fields_, extensions_), 0U);
}

}  // namespace
}  // namespace cloister::videobridge::media
