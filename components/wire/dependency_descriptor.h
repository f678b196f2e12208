// The dependency descriptor (AV1 RTP specification, appendix A): what a frame of any codec needs and which
// decode targets need it, in an RTP header extension that stays readable under end-to-end encryption. A frame
// names one of the templates of a structure that came with a key frame, and may differ from it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace cloister::wire {

enum class DependencyError : std::uint8_t { truncated, too_many_templates, too_many_references };

// What a frame is to a decode target (§A.5).
enum class Indication : std::uint8_t { not_present, discardable, switching, required };

// A template's dependencies, or a frame's own.
struct FrameDependencies {
  // AV1 has seven reference frames; a layer below may be one more.
  static constexpr std::size_t kMaxReferences = 8;

  std::uint8_t spatial = 0;   // 0…3
  std::uint8_t temporal = 0;  // 0…7
  std::uint8_t reference_count = 0;
  std::array<std::uint16_t, kMaxReferences> frames_back{};  // to the frames referred to, ≥ 1
  std::uint64_t indications = 0;                            // two bits a decode target

  Indication indication(std::size_t target) const {
    return static_cast<Indication>(indications >> (2 * target) & 3U);
  }
  std::span<const std::uint16_t> references() const { return std::span(frames_back).first(reference_count); }
};

struct DependencyStructure {
  static constexpr std::size_t kMaxTemplates = 48;  // L3T3 takes 15; the format can count to 64
  static constexpr std::size_t kMaxTargets = 32;

  struct Target {
    std::uint8_t spatial = 0;
    std::uint8_t temporal = 0;
  };
  struct Size {
    std::uint16_t width = 0;
    std::uint16_t height = 0;
  };
  std::uint8_t template_count = 0;  // 0: there is no structure yet
  std::uint8_t template_id_offset = 0;
  std::uint8_t target_count = 0;
  std::uint8_t spatial_layers = 1;
  bool has_sizes = false;
  std::array<FrameDependencies, kMaxTemplates> templates{};
  std::array<Target, kMaxTargets> targets{};  // the highest layers in each
  std::array<Size, 4> sizes{};                // by spatial layer

  std::uint32_t all_targets() const {
    return static_cast<std::uint32_t>((std::uint64_t{1} << target_count) - 1);
  }
};

struct DependencyDescriptor {
  bool frame_start = false;
  bool frame_end = false;
  std::uint8_t template_id = 0;
  std::uint16_t frame_number = 0;
  bool has_structure = false;  // a new one came with it
  std::optional<std::uint32_t> active_targets;
  // None: of a template that is not known, since the key frame is missing.
  std::optional<FrameDependencies> frame;
};

// Replaces `structure` when the descriptor brings a valid one.
Result<DependencyDescriptor, DependencyError> parse_dependency_descriptor(Bytes data,
                                                                          DependencyStructure& structure);

// What changes on the way to one receiver.
struct DependencyNumbers {
  std::uint16_t frame_number = 0;
  std::uint8_t template_shift = 0;   // added to template ids, modulo 64
  std::uint8_t target_count = 0;     // 0: active targets stay as they are
  std::uint32_t active_targets = 0;  // a bit for each target
};

// Writes `original`, which must have been parsed, with these numbers. Returns the length; 0 when there is no
// room. Naming active targets takes up to five bytes more than the original.
std::size_t write_dependency_descriptor(MutableBytes out, Bytes original, const DependencyNumbers& numbers);

}  // namespace cloister::wire
