// A signalled media source of one endpoint and what its packets have shown so far (protocol/bridge.md §6.1).
// Shard thread only; owned by the endpoint's IncomingMedia, referred to by every receiver's OutgoingMedia
// until remove_source().
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "videobridge/media/model/layer.h"
#include "videobridge/media/model/rate_window.h"

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

  // Pixels of the shorter side; 180·2^encoding until a key frame shows it.
  int height(std::uint8_t encoding) const;
  bool has_shown_height(std::uint8_t encoding) const { return seen_[encoding].height > 0; }
  int temporal_layers(std::uint8_t encoding) const;
  // Frames a second of a layer, by its place among the temporal layers: 7.5, 15, 30.
  double frame_rate(Layer layer) const;
  // bit/s over the last second, with the temporal layers below; 0: not sent now.
  std::int64_t bitrate(Layer layer, TimePoint now) const;
  bool is_active(std::uint8_t encoding, TimePoint now) const { return bitrate({encoding, 0, 3}, now) > 0; }

  // What the packets show; called by the receive path.
  void on_packet(Layer layer, std::size_t bytes, TimePoint now);
  void on_dimensions(std::uint8_t encoding, int width, int height);

private:
  struct Seen {
    int height = 0;
    std::uint8_t highest_temporal = 0;
    bool any = false;
    std::array<RateWindow, kMaxTemporalLayers> bytes;
  };

  SourceIds& ids_;
  SourceId id_;
  EndpointId owner_;
  SourceDescription description_;
  bool muted_ = false;
  std::array<Seen, kMaxEncodings> seen_;
};

}  // namespace cloister::videobridge::media
