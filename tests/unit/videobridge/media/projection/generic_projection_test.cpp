#include "videobridge/media/projection/generic_projection.h"

#include <gtest/gtest.h>

namespace cloister::videobridge::media {
namespace {

constexpr TimePoint kStart{1000s};
constexpr Layer kHigh{.encoding = 2};

class GenericProjectionTest : public testing::Test {
protected:
  struct Given {
    std::uint8_t encoding = 0;
    std::uint16_t sequence = 0;
    std::uint32_t timestamp = 0;
    bool marker = true;
    bool key = false;
  };

  ParsedPacket packet(const Given& given) {
    ParsedPacket out;
    out.header.sequence = given.sequence;
    out.header.timestamp = given.timestamp;
    out.header.marker = given.marker;
    out.layer.encoding = given.encoding;
    out.key_frame = given.key;
    out.key_frames_known = key_frames_known_;
    out.source = source_;
    out.format = &format_;
    out.arrival = now_;
    return out;
  }
  // The rewritten sequence number, or none.
  std::optional<int> give(const Given& given) {
    const auto rewrite = projection_.accept(packet(given), position_);
    if (!rewrite) return std::nullopt;
    timestamp_ = rewrite->timestamp;
    return rewrite->sequence;
  }

  SourceIds ids_;
  Source camera_{
      EndpointId("a"), {.name = SourceName("v"), .kind = MediaKind::video, .encodings = {{Ssrc{1}}}},
       ids_
  };
  Source microphone_{
      EndpointId("a"), {.name = SourceName("a"), .encodings = {{Ssrc{2}}}},
       ids_
  };
  Source* source_ = &camera_;
  PayloadFormat format_{.id = 107, .codec = Codec::h264, .kind = MediaKind::video, .clock_rate = 90000};
  bool key_frames_known_ = false;
  GenericProjection projection_;
  StreamPosition position_;
  std::uint32_t timestamp_ = 0;
  TimePoint now_ = kStart;
};

TEST_F(GenericProjectionTest, OneEncodingPassesUnchangedWithItsGaps) {
  projection_.set_target(Layer{});
  EXPECT_EQ(give({.sequence = 0x7fff, .timestamp = 10}), 0x7fff);
  EXPECT_EQ(give({.sequence = 0x8002, .timestamp = 20}), 0x8002);
  EXPECT_EQ(give({.sequence = 0x8000, .timestamp = 15}), 0x8000);
  EXPECT_EQ(timestamp_, 15U);
  EXPECT_EQ(give({.sequence = 0x7ff0}), std::nullopt) << "older than the beginning";
}

TEST_F(GenericProjectionTest, AStreamBeginsInTheLowerHalfOfItsNumbers) {
  projection_.set_target(Layer{});
  EXPECT_EQ(give({.sequence = 0xffff}), 0x7fff)
      << "a receiver may miss it and all that follows, across a wrap";
  EXPECT_EQ(give({.sequence = 2}), 0x8002);
}

TEST_F(GenericProjectionTest, WithoutVisibleKeyFramesABetterEncodingTakesOverAtOnce) {
  projection_.set_target(kHigh);
  EXPECT_EQ(give({.encoding = 0, .sequence = 100, .timestamp = 1000}), 100);
  now_ += 20ms;
  EXPECT_EQ(give({.encoding = 2, .sequence = 500, .timestamp = 7}), 101);
  EXPECT_EQ(timestamp_, 1000U + 1800);
  EXPECT_EQ(give({.encoding = 0, .sequence = 101}), std::nullopt);
  EXPECT_EQ(give({.encoding = 1, .sequence = 1}), std::nullopt);
  EXPECT_EQ(give({.encoding = 2, .sequence = 501, .timestamp = 3007}), 102);
  EXPECT_FALSE(projection_.needs_key_frame());
}

TEST_F(GenericProjectionTest, StepsDownWhenThatIsWanted) {
  projection_.set_target(kHigh);
  EXPECT_EQ(give({.encoding = 2, .sequence = 100, .marker = false}), 100);
  projection_.set_target(Layer{});
  EXPECT_EQ(give({.encoding = 2, .sequence = 101, .marker = false}), 101) << "until the other one comes";
  EXPECT_EQ(give({.encoding = 0, .sequence = 7}), 103) << "the last frame had no end";
  EXPECT_EQ(give({.encoding = 2, .sequence = 102}), std::nullopt);
}

TEST_F(GenericProjectionTest, VisibleKeyFramesAreWaitedFor) {
  key_frames_known_ = true;
  projection_.set_target(Layer{});
  EXPECT_EQ(give({.sequence = 1}), std::nullopt);
  EXPECT_TRUE(projection_.needs_key_frame());
  EXPECT_EQ(give({.sequence = 2, .key = true}), 2);
  EXPECT_EQ(give({.sequence = 3}), 3);
  EXPECT_FALSE(projection_.needs_key_frame());
  projection_.set_target(std::nullopt);
  EXPECT_EQ(give({.sequence = 4, .key = true}), std::nullopt);
}

TEST_F(GenericProjectionTest, ARestartedSenderContinues) {
  projection_.set_target(Layer{});
  EXPECT_EQ(give({.sequence = 100, .timestamp = 5}), 100);
  now_ += 1s;
  EXPECT_EQ(give({.sequence = 30000, .timestamp = 77777}), 101);
  EXPECT_EQ(timestamp_, 5U + 90000);
}

TEST_F(GenericProjectionTest, AudioContinuesOnAnotherStream) {
  source_ = &microphone_;
  format_ = {.id = 111, .codec = Codec::opus, .kind = MediaKind::audio, .clock_rate = 48000};
  projection_.set_target(Layer{});
  position_.advance(900, 4800, true, kStart);
  now_ += 20ms;
  EXPECT_EQ(give({.sequence = 5, .timestamp = 1, .marker = false}), 901);
  EXPECT_EQ(timestamp_, 4800U + 960);
  EXPECT_EQ(projection_.timestamp_offset(), 4800U + 960 - 1);
  EXPECT_EQ(give({.sequence = 6, .timestamp = 961, .marker = false}), 902);
  projection_.restart();
  EXPECT_EQ(give({.sequence = 99, .timestamp = 0, .marker = false}), 903)
      << "a packet of audio is always complete";
}

}  // namespace
}  // namespace cloister::videobridge::media
