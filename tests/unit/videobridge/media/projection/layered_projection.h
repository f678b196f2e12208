// A projection of scalable video between an encoding and a receiver that decodes it; and what holds for each
// of them. `Encoding` has a LayeredVideo as `video`; write(encoding, key) gives the packets of its next
// picture, each with its `frame` and `header`.
#pragma once

#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "unit/videobridge/media/projection/layered_video.h"
#include "videobridge/media/model/parsed_packet.h"
#include "videobridge/media/model/source.h"

namespace cloister::test {

template <class Projection, class Encoding, class Sent>
class LayeredProjectionTest : public testing::Test {
protected:
  using Given = Result<videobridge::media::Rewrite, videobridge::media::Drop>;

  virtual Given give(const Sent& sent) = 0;
  // What the receiver makes of it is not looked at.
  virtual Given give_on_a_bad_line(const Sent& sent) { return give(sent); }

  // A picture without loss.
  void show(Encoding& encoding, bool key = false) {
    for (const Sent& sent : write(encoding, key))
      if (const auto rewrite = give(sent)) receiver_.on_packet(sent.frame, *rewrite);
  }
  void show_for(Encoding& encoding, int pictures) {
    for (int i = 0; i < pictures; ++i) {
      now_ += 33ms;
      show(encoding);
    }
  }
  static videobridge::media::Layer target(std::uint8_t spatial, std::uint8_t temporal = 2) {
    return {.spatial = spatial, .temporal = temporal};
  }

  // Whatever is wished for in whatever order, everything sent can be decoded, and what is wished for comes.
  void expect_decodable_whatever_is_wished_for(Encoding camera) {
    projection_.restart();
    show(camera, true);
    std::mt19937 random(7);
    int pictures_to_key = 0;
    for (int i = 0; i < 3000; ++i) {
      now_ += 33ms;
      if (i % 20 == 0)
        projection_.set_target(
            target(static_cast<std::uint8_t>(random() % 3), static_cast<std::uint8_t>(random() % 3)));
      if (projection_.needs_key_frame() && pictures_to_key == 0) pictures_to_key = 4;
      const bool key = pictures_to_key > 0 && --pictures_to_key == 0;
      const std::size_t before = receiver_.packets();
      show(camera, key);
      if (i % 20 != 19) continue;
      show_for(camera, 3);
      EXPECT_GT(receiver_.packets(), before) << "one of four pictures is of the base layer";
      EXPECT_FALSE(projection_.needs_key_frame());
    }
  }

  void expect_numbers_once_and_in_order_on_a_bad_line(Encoding camera) {
    projection_.restart();
    NumberedOnce numbers;
    std::mt19937 random(11);
    std::vector<Sent> late;
    projection_.set_target(target(1, 1));
    for (int i = 0; i < 1500; ++i) {
      now_ += 33ms;
      std::vector<Sent> arriving = std::exchange(late, {});
      for (Sent& sent : write(camera, i == 0 || projection_.needs_key_frame())) {
        const auto luck = i == 0 ? 99 : random() % 100;
        if (luck >= 5) (luck < 10 ? late : arriving).push_back(std::move(sent));
      }
      for (const Sent& sent : arriving) {
        if (const auto rewrite = give_on_a_bad_line(sent)) numbers.on_packet(sent.header.sequence, *rewrite);
      }
    }
    numbers.check();
    EXPECT_GT(numbers.packets(), 1000U);
  }

  // The low layer's second packet is lost: nobody misses it. What is late of a kept frame still has its
  // number.
  void expect_repairs_to_fill_gaps(Encoding camera) {
    projection_.set_target(target(1));
    show(camera, true);
    const auto first = write(camera, false);   // low, low, high, high
    const auto second = write(camera, false);  // of temporal layer 2
    EXPECT_FALSE(give(first[0]));
    const auto high = give(first[2]);
    EXPECT_FALSE(give(second[0]));
    EXPECT_FALSE(give(second[1]));
    const auto next = give(second[2]);
    const auto repaired = give(first[3]);
    ASSERT_TRUE(high && next && repaired);
    EXPECT_EQ(repaired->sequence, static_cast<std::uint16_t>(high->sequence + 1));
    EXPECT_EQ(next->sequence, static_cast<std::uint16_t>(high->sequence + 2));
    EXPECT_FALSE(give(first[1])) << "a late packet of a frame left out";
  }

  videobridge::media::SourceIds ids_;
  videobridge::media::Source source_{
      EndpointId("a"),
      {.name = SourceName("a-v0"), .kind = MediaKind::video, .encodings = {{Ssrc{1}}, {Ssrc{2}}, {Ssrc{3}}}},
      ids_
  };
  Projection projection_;
  videobridge::media::StreamPosition position_;
  DecodingReceiver receiver_;
  TimePoint now_{1000s};
};

}  // namespace cloister::test
