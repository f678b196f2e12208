#include "videobridge/media/model/source.h"

#include <algorithm>

#include "base/assert.h"

namespace cloister::videobridge::media {

SourceId SourceIds::acquire() {
  const auto free = std::find(used_.begin(), used_.end(), false);
  const auto index = static_cast<std::uint32_t>(free - used_.begin());
  if (free == used_.end())
    used_.push_back(true);
  else
    *free = true;
  return SourceId{index};
}

void SourceIds::release(SourceId id) { used_.at(raw(id)) = false; }

Source::Source(const EndpointId& owner, SourceDescription description, SourceIds& ids)
    : ids_(ids), id_(ids.acquire()), owner_(owner), description_(std::move(description)) {
  ASSERT(!description_.encodings.empty());
  if (description_.encodings.size() > kMaxEncodings) description_.encodings.resize(kMaxEncodings);
  seen_.resize(description_.encodings.size());
}

Source::~Source() { ids_.release(id_); }

int Source::height(std::uint8_t encoding, std::uint8_t spatial) const {
  const int seen = seen_.at(encoding).heights.at(spatial);
  return seen > 0 ? seen : 180 << (encoding + spatial);
}

int Source::temporal_layers(std::uint8_t encoding) const {
  constexpr int kAssumed = 3;
  const Seen& seen = seen_.at(encoding);
  return seen.any ? seen.highest_temporal + 1 : kAssumed;
}

double Source::frame_rate(Layer layer) const {
  constexpr double kFull = 30;
  const int above = std::max(temporal_layers(layer.encoding) - 1 - layer.temporal, 0);
  return kFull / (1 << above);
}

std::int64_t Source::bitrate(Layer layer, TimePoint now) const {
  const Seen& seen = seen_.at(layer.encoding);
  // A lower layer that flows on is no sign of life of this one.
  if (layer.spatial >= kMaxSpatialLayers || now - seen.newest_packet[layer.spatial] > kSilence) return 0;
  const auto temporal = std::min<std::uint8_t>(layer.temporal, kMaxTemporalLayers - 1);
  return seen.bytes[layer.spatial][temporal].bits_per_second(now);
}

bool Source::is_active(std::uint8_t encoding, TimePoint now) const {
  for (std::uint8_t spatial = 0; spatial < spatial_layers(encoding); ++spatial)
    if (bitrate({encoding, spatial, seen_[encoding].highest_temporal}, now) > 0) return true;
  return false;
}

void Source::on_packet(Layer layer, LayerSet needed_by, std::size_t bytes, TimePoint now) {
  Seen& seen = seen_.at(layer.encoding);
  const auto spatial = std::min<std::uint8_t>(layer.spatial, kMaxSpatialLayers - 1);
  const auto temporal = std::min<std::uint8_t>(layer.temporal, kMaxTemporalLayers - 1);
  if (!seen.any || temporal > seen.highest_temporal || !seen.flows[spatial]) layers_changed_ = true;
  seen.any = true;
  seen.highest_temporal = std::max(seen.highest_temporal, temporal);
  seen.flows[spatial] = true;
  seen.newest_packet[spatial] = now;
  for (std::size_t s = 0; s < seen.spatial_layers; ++s)
    for (std::size_t t = 0; t < kMaxTemporalLayers; ++t)
      if (needed_by.has(s, t)) seen.bytes[s][t].add(bytes, now);
}

void Source::on_sizes(std::uint8_t encoding, std::span<const Size> spatial) {
  Seen& seen = seen_.at(encoding);
  std::array<int, kMaxSpatialLayers> heights{};
  const std::size_t layers = std::min<std::size_t>(spatial.size(), kMaxSpatialLayers);
  for (std::size_t i = 0; i < layers; ++i) heights[i] = std::min(spatial[i].width, spatial[i].height);
  if (layers == seen.spatial_layers && heights == seen.heights) return;
  seen.heights = heights;
  seen.spatial_layers = static_cast<std::uint8_t>(layers);
  layers_changed_ = true;
}

wire::DependencyStructure& Source::dependency_structure(std::uint8_t encoding) {
  auto& structure = structures_.at(encoding);
  if (structure == nullptr) structure = std::make_unique<wire::DependencyStructure>();
  return *structure;
}

void Source::on_codec(Codec codec) {
  if (std::exchange(codec_, codec).value_or(codec) == codec) return;
  std::ranges::fill(seen_, Seen{});
  layers_changed_ = true;
}

void Source::check_silence(TimePoint now) {
  for (Seen& seen : seen_)
    for (std::size_t spatial = 0; spatial < kMaxSpatialLayers; ++spatial) {
      if (!seen.flows[spatial] || now - seen.newest_packet[spatial] <= kSilence) continue;
      seen.flows[spatial] = false;
      layers_changed_ = true;
    }
}

}  // namespace cloister::videobridge::media
