// A signalled media source of one endpoint and what its packets have shown so far (protocol/bridge.md §6.1).
// Shard thread only; owned by the endpoint's IncomingMedia, referred to by every receiver's OutgoingMedia
// until remove_source().
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "videobridge/media/model/layer.h"
#include "videobridge/media/model/payload_map.h"
#include "videobridge/media/model/rate_window.h"
#include "wire/dependency_descriptor.h"

namespace cloister::videobridge::media {

enum class VideoType : std::uint8_t { camera, desktop, desktop_high_fps, none };

// A small number, unique among the living sources of a conference; receivers use it as an index.
enum class SourceId : std::uint32_t {};
constexpr std::uint32_t raw(SourceId id) { return static_cast<std::uint32_t>(id); }

// Gives out the smallest free number. One per conference; outlives its sources.
class SourceIds {
public:
  SourceId acquire();
  void release(SourceId id);

private:
  std::vector<bool> used_;
};

struct EncodingDescription {
  Ssrc ssrc{};
  std::optional<Ssrc> rtx{};
  friend bool operator==(const EncodingDescription&, const EncodingDescription&) = default;
};

// As signalled (Colibri2 media-source; FID and SIM groups already resolved).
struct SourceDescription {
  SourceName name{};
  MediaKind kind = MediaKind::audio;
  VideoType video_type = VideoType::camera;
  std::vector<EncodingDescription> encodings{};  // low → high, 1…kMaxEncodings; more are ignored
  std::optional<EndpointId> owner{};             // who is behind another bridge; else who signals
};

class Source {
public:
  Source(const EndpointId& owner, SourceDescription description, SourceIds& ids);
  Source(const Source&) = delete;
  Source& operator=(const Source&) = delete;
  ~Source();

  SourceId id() const { return id_; }
  const EndpointId& owner() const { return owner_; }
  const SourceName& name() const { return description_.name; }
  MediaKind kind() const { return description_.kind; }
  std::span<const EncodingDescription> encodings() const { return description_.encodings; }
  // The SSRC receivers see without SSRC rewriting.
  Ssrc primary_ssrc() const { return description_.encodings.front().ssrc; }
  std::optional<Ssrc> primary_rtx_ssrc() const { return description_.encodings.front().rtx; }

  VideoType video_type() const { return description_.video_type; }
  void set_video_type(VideoType type) { description_.video_type = type; }
  bool muted() const { return muted_; }
  void set_muted(bool muted) { muted_ = muted; }

  // Pixels of the shorter side; 180·2^(encoding + spatial) until a key frame shows it.
  int height(std::uint8_t encoding, std::uint8_t spatial = 0) const;
  bool has_shown_height(std::uint8_t encoding) const { return seen_[encoding].heights[0] > 0; }
  int spatial_layers(std::uint8_t encoding) const { return seen_.at(encoding).spatial_layers; }
  int temporal_layers(std::uint8_t encoding) const;
  // Frames a second of a layer, by its place among the temporal layers: 7.5, 15, 30.
  double frame_rate(Layer layer) const;
  // bit/s over the last second, with all that the layer depends on; 0: not sent now.
  std::int64_t bitrate(Layer layer, TimePoint now) const;
  bool is_active(std::uint8_t encoding, TimePoint now) const;

  // What the packets show; called by the receive path.
  void on_packet(Layer layer, LayerSet needed_by, std::size_t bytes, TimePoint now);
  // All spatial layers of an encoding, low → high; sizes of 0 are unknown. More than kMaxSpatialLayers are
  // ignored.
  struct Size {
    int width = 0;
    int height = 0;
  };
  void on_sizes(std::uint8_t encoding, std::span<const Size> spatial);
  // The newest of an encoding's dependency descriptors. Stays where it is until the source dies.
  wire::DependencyStructure& dependency_structure(std::uint8_t encoding);
  // With key frames: another codec than before starts from nothing.
  void on_codec(Codec codec);
  void check_silence(TimePoint now);
  // True once after a height, a number of layers, or what is sent of the spatial layers changed.
  bool take_layer_change() { return std::exchange(layers_changed_, false); }

private:
  static constexpr Duration kSilence = 1s;

  struct Seen {
    std::array<int, kMaxSpatialLayers> heights{};
    std::array<TimePoint, kMaxSpatialLayers> newest_packet{};
    std::array<bool, kMaxSpatialLayers> flows{};
    std::uint8_t spatial_layers = 1;
    std::uint8_t highest_temporal = 0;
    bool any = false;
    // What the receivers of each layer are sent.
    std::array<std::array<RateWindow, kMaxTemporalLayers>, kMaxSpatialLayers> bytes;
  };

  SourceIds& ids_;
  SourceId id_;
  EndpointId owner_;
  SourceDescription description_;
  bool muted_ = false;
  std::vector<Seen> seen_;  // by encoding
  std::array<std::unique_ptr<wire::DependencyStructure>, kMaxEncodings> structures_;
  std::optional<Codec> codec_;
  bool layers_changed_ = false;
};

}  // namespace cloister::videobridge::media
