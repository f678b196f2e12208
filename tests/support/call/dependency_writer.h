// Writes dependency descriptors as an AV1 sender does (AV1 RTP specification, appendix A): three temporal
// layers, any number of spatial ones, a chain for each.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "wire/bits.h"
#include "wire/dependency_descriptor.h"

namespace cloister::support {

class DependencyWriter {
public:
  static constexpr std::uint8_t kTemporalLayers = 3;

  // Full SVC, or k-SVC: upper layers need lower ones in key pictures only.
  DependencyWriter(std::uint8_t spatial_layers, bool full, std::uint8_t template_id_offset)
      : layers_(spatial_layers), full_(full), offset_(template_id_offset) {}

  struct Frame {
    std::uint16_t number = 0;
    std::uint8_t spatial = 0;
    std::uint8_t temporal = 0;
    bool key = false;
    bool start = true;
    bool end = true;
    bool structure = false;                         // attach it
    std::optional<std::uint32_t> active_targets{};  // name them
    std::vector<std::uint16_t> own_references{};    // in place of the template's
  };

  std::vector<std::byte> write(const Frame& frame) const {
    std::array<std::byte, 255> room{};
    wire::BitWriter out(room);
    out.number(frame.start, 1);
    out.number(frame.end, 1);
    out.number((offset_ + template_of(frame)) % 64U, 6);
    out.number(frame.number, 16);
    if (frame.structure || frame.active_targets || !frame.own_references.empty()) {
      out.number(frame.structure, 1);
      out.number(frame.active_targets.has_value(), 1);
      out.number(0, 1);
      out.number(!frame.own_references.empty(), 1);
      out.number(0, 1);
      if (frame.structure) write_structure(out);
      if (frame.active_targets) out.number(*frame.active_targets, targets());
      for (const std::uint16_t back : frame.own_references) {
        out.number(3, 2);
        out.number(back - 1U, 12);
      }
      if (!frame.own_references.empty()) out.number(0, 2);
    }
    return {room.begin(), room.begin() + static_cast<std::ptrdiff_t>(out.size())};
  }

  std::uint32_t targets() const { return std::uint32_t{layers_} * kTemporalLayers; }
  std::uint8_t spatial_layers() const { return layers_; }
  std::uint8_t templates() const { return static_cast<std::uint8_t>(layers_ * kPerLayer); }

private:
  // In each spatial layer: key picture, the three temporal layers.
  static constexpr std::uint8_t kPerLayer = 4;
  // Pictures back to the one referred to, by temporal layer; their order is 0 2 1 2.
  static constexpr std::array<std::uint8_t, kTemporalLayers> kBack{4, 2, 1};

  unsigned template_of(const Frame& frame) const {
    return frame.spatial * kPerLayer + (frame.key ? 0U : 1U + frame.temporal);
  }

  void write_structure(wire::BitWriter& out) const {
    out.number(offset_, 6);
    out.number(targets() - 1, 5);
    each_template([&](std::uint8_t spatial, std::uint8_t temporal, bool key) {
      const bool last = spatial + 1 == layers_ && temporal + 1 == kTemporalLayers;
      const unsigned next = last ? 3U : key ? 0U : temporal + 1 == kTemporalLayers ? 2U : 1U;
      out.number(next, 2);
    });
    each_template([&](std::uint8_t spatial, std::uint8_t temporal, bool key) {
      for (std::uint8_t s = 0; s < layers_; ++s)
        for (std::uint8_t t = 0; t < kTemporalLayers; ++t)
          out.number(static_cast<std::uint32_t>(indication(spatial, temporal, key, s, t)), 2);
    });
    each_template([&](std::uint8_t spatial, std::uint8_t temporal, bool key) {
      if (!key) {
        out.number(1, 1);
        out.number(kBack[temporal] * layers_ - 1U, 4);
      }
      if (spatial > 0 && (key || full_)) {
        out.number(1, 1);
        out.number(0, 4);
      }
      out.number(0, 1);
    });
    write_chains(out);
    out.number(1, 1);
    for (unsigned s = 0; s < layers_; ++s) {
      out.number((320U << s) - 1, 16);
      out.number((180U << s) - 1, 16);
    }
  }
  void write_chains(wire::BitWriter& out) const {
    one_of(out, layers_, targets() + 1);
    for (std::uint32_t target = 0; target < targets(); ++target)
      one_of(out, target / kTemporalLayers, layers_);
    for (int i = 0; i < templates() * layers_; ++i) out.number(0, 4);
  }
  static void one_of(wire::BitWriter& out, std::uint32_t value, std::uint32_t count) {
    const auto width = static_cast<std::size_t>(std::bit_width(count));
    const std::uint32_t short_ones = (1U << width) - count;
    if (value < short_ones)
      out.number(value, width - 1);
    else
      out.number(value + short_ones, width);
  }
  wire::Indication indication(std::uint8_t spatial, std::uint8_t temporal, bool key,
                              std::uint8_t target_spatial, std::uint8_t target_temporal) const {
    if (spatial > target_spatial || temporal > target_temporal) return wire::Indication::not_present;
    if (key) return wire::Indication::switching;
    if (spatial < target_spatial) return full_ ? wire::Indication::required : wire::Indication::not_present;
    if (temporal == kTemporalLayers - 1) return wire::Indication::discardable;
    return wire::Indication::switching;
  }
  template <typename Visit>
  void each_template(Visit visit) const {
    for (std::uint8_t spatial = 0; spatial < layers_; ++spatial) {
      visit(spatial, std::uint8_t{0}, true);
      for (std::uint8_t temporal = 0; temporal < kTemporalLayers; ++temporal) visit(spatial, temporal, false);
    }
  }

  std::uint8_t layers_;
  bool full_;
  std::uint8_t offset_;
};

}  // namespace cloister::support
