// Which part of a source: its encoding (simulcast stream, low → high), spatial and temporal layer
// (protocol/bridge.md §6.1). Decode targets of AV1 go by the layers that they end in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace cloister::videobridge::media {

inline constexpr std::uint8_t kMaxEncodings = 3;
inline constexpr std::uint8_t kMaxSpatialLayers = 3;
inline constexpr std::uint8_t kMaxTemporalLayers = 4;

struct Layer {
  std::uint8_t encoding = 0;
  std::uint8_t spatial = 0;
  std::uint8_t temporal = 0;

  // eid<<6 | sid<<3 | tid
  constexpr int index() const { return encoding << 6 | spatial << 3 | temporal; }
  // Negative: suspended, no layer.
  static constexpr std::optional<Layer> from_index(int index) {
    if (index < 0) return std::nullopt;
    return Layer{static_cast<std::uint8_t>(index >> 6), static_cast<std::uint8_t>(index >> 3 & 7),
                 static_cast<std::uint8_t>(index & 7)};
  }
  friend constexpr bool operator==(const Layer&, const Layer&) = default;
};

// Some layers of one encoding: those whose receivers need a packet. What lies beyond our limits is left out.
class LayerSet {
public:
  constexpr void add(std::size_t spatial, std::size_t temporal) {
    if (spatial < kMaxSpatialLayers && temporal < kMaxTemporalLayers)
      bits_ = static_cast<std::uint16_t>(bits_ | 1U << (spatial * kMaxTemporalLayers + temporal));
  }
  constexpr bool has(std::size_t spatial, std::size_t temporal) const {
    return (bits_ >> (spatial * kMaxTemporalLayers + temporal) & 1U) != 0;
  }
  // The layer and all temporal layers above it in its own spatial layer.
  static constexpr LayerSet within_spatial(Layer layer) {
    LayerSet out;
    for (std::size_t temporal = layer.temporal; temporal < kMaxTemporalLayers; ++temporal)
      out.add(layer.spatial, temporal);
    return out;
  }
  // The layer and all above it.
  static constexpr LayerSet from(Layer layer) {
    LayerSet out;
    for (std::size_t spatial = layer.spatial; spatial < kMaxSpatialLayers; ++spatial)
      for (std::size_t temporal = layer.temporal; temporal < kMaxTemporalLayers; ++temporal)
        out.add(spatial, temporal);
    return out;
  }
  friend constexpr bool operator==(LayerSet, LayerSet) = default;

private:
  std::uint16_t bits_ = 0;
};

}  // namespace cloister::videobridge::media
