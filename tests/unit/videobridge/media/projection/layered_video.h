// A scalable stream without an encoder: three temporal layers (0 2 1 2), any number of spatial ones, and for
// every layer frame what it refers to. And the receiver's side: whether what it was sent can be decoded.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "base/ids.h"
#include "videobridge/media/projection/projection.h"

namespace cloister::test {

enum class Prediction : std::uint8_t {
  full,      // every layer frame from the one below (L3T3)
  key_only,  // in key pictures only (L3T3_KEY)
};

struct LayerFrame {
  std::uint32_t id = 0;       // counts the layer frames of all encodings
  std::uint32_t picture = 0;  // counts pictures of its encoding
  std::uint8_t encoding = 0;
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;
  bool key_picture = false;
  bool inter_layer = false;
  bool not_for_upper = false;
  bool last_of_picture = false;
  std::uint8_t back = 0;  // pictures to the one referred to in the same layer; 0: none
  std::vector<std::uint32_t> references{};
};

class LayeredVideo {
public:
  LayeredVideo(std::uint8_t encoding, std::uint8_t spatial_layers, Prediction prediction)
      : encoding_(encoding), layers_(spatial_layers), prediction_(prediction) {}

  // The layer frames of the next picture, low → high.
  std::vector<LayerFrame> next(bool key) {
    ++picture_;
    if (key) key_ = picture_;
    const std::uint32_t place = (picture_ - key_) % 4;
    std::vector<LayerFrame> out;
    for (std::uint8_t spatial = 0; spatial < layers_; ++spatial) {
      LayerFrame frame{.id = next_id()++,
                       .picture = picture_,
                       .encoding = encoding_,
                       .spatial = spatial,
                       .temporal = kTemporal[place],
                       .key_picture = key};
      frame.inter_layer = spatial > 0 && (key || prediction_ == Prediction::full);
      frame.not_for_upper = spatial + 1 == layers_ || (!key && prediction_ == Prediction::key_only);
      frame.last_of_picture = spatial + 1 == layers_;
      if (!key) frame.back = kBack[place];
      if (!key) frame.references.push_back(ids_.at({picture_ - frame.back, spatial}));
      if (frame.inter_layer) frame.references.push_back(out.back().id);
      ids_[{picture_, spatial}] = frame.id;
      out.push_back(frame);
    }
    return out;
  }
  std::uint8_t spatial_layers() const { return layers_; }
  void set_spatial_layers(std::uint8_t layers) { layers_ = layers; }  // before a key picture

private:
  static constexpr std::array<std::uint8_t, 4> kTemporal{0, 2, 1, 2};
  static constexpr std::array<std::uint8_t, 4> kBack{4, 1, 2, 1};
  static std::uint32_t& next_id() {
    static std::uint32_t id = 0;
    return id;
  }

  std::uint8_t encoding_;
  std::uint8_t layers_;
  Prediction prediction_;
  std::uint32_t picture_ = 100;
  std::uint32_t key_ = 100;
  std::map<std::pair<std::uint32_t, std::uint8_t>, std::uint32_t> ids_;
};

// Reads a loss-free stream as a decoder does, and fails the test where that could not go on.
class DecodingReceiver {
public:
  void on_packet(const LayerFrame& frame, const videobridge::media::Rewrite& packet) {
    if (any_) {
      EXPECT_EQ(packet.sequence, static_cast<std::uint16_t>(sequence_ + 1)) << "a gap, or two of one number";
      EXPECT_LT(packet.timestamp - timestamp_, 0x80000000U) << "time runs backwards";
      const bool same_picture = frame.picture == picture_ && frame.encoding == encoding_;
      EXPECT_EQ(packet.timestamp == timestamp_, same_picture);
    }
    for (const std::uint32_t reference : frame.references)
      EXPECT_TRUE(frames_.contains(reference))
          << "picture " << frame.picture << " layer " << int{frame.spatial} << '/' << int{frame.temporal};
    any_ = true;
    sequence_ = packet.sequence;
    timestamp_ = packet.timestamp;
    picture_ = frame.picture;
    encoding_ = frame.encoding;
    marker_ = packet.marker;
    spatial_ = frame.spatial;
    temporal_ = frame.temporal;
    frames_.insert(frame.id);
    ++packets_;
  }

  bool has(std::uint32_t frame) const { return frames_.contains(frame); }
  std::size_t packets() const { return packets_; }
  // Of the newest packet.
  bool marker() const { return marker_; }
  std::uint8_t encoding() const { return encoding_; }
  std::uint8_t spatial() const { return spatial_; }
  std::uint8_t temporal() const { return temporal_; }
  std::uint32_t timestamp() const { return timestamp_; }

private:
  bool any_ = false;
  std::uint16_t sequence_ = 0;
  std::uint32_t timestamp_ = 0;
  std::uint32_t picture_ = 0;
  std::uint8_t encoding_ = 0;
  std::uint8_t spatial_ = 0;
  std::uint8_t temporal_ = 0;
  bool marker_ = false;
  std::size_t packets_ = 0;
  std::set<std::uint32_t> frames_;
};

// What a receiver on a bad line sorts by: each number is given once, and in the order in which things were
// sent.
class NumberedOnce {
public:
  void on_packet(std::uint16_t original, const videobridge::media::Rewrite& packet) {
    const auto place = originals_.try_emplace(sent_.unwrap(packet.sequence), original_.unwrap(original));
    EXPECT_TRUE(place.second) << "two packets of one number";
  }
  void check() const {
    std::int64_t last = 0;
    for (const auto& [sequence, original] : originals_) {
      EXPECT_GT(original, last);
      last = original;
    }
  }
  std::size_t packets() const { return originals_.size(); }

private:
  SequenceUnwrapper sent_;
  SequenceUnwrapper original_;
  std::map<std::int64_t, std::int64_t> originals_;  // number given → number as sent
};

}  // namespace cloister::test
