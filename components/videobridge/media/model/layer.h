// Which part of a source: its encoding (simulcast stream, low → high), spatial and temporal layer
// (protocol/bridge.md §6.1).
#pragma once

#include <cstdint>
#include <optional>

namespace cloister::videobridge::media {

inline constexpr std::uint8_t kMaxEncodings = 3;
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

}  // namespace cloister::videobridge::media
