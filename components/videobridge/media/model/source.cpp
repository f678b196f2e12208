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
}

Source::~Source() { ids_.release(id_); }

int Source::height(std::uint8_t encoding) const {
  const int seen = seen_.at(encoding).height;
  return seen > 0 ? seen : 180 << encoding;
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
  std::int64_t sum = 0;
  for (std::size_t temporal = 0; temporal <= layer.temporal && temporal < seen.bytes.size(); ++temporal)
    sum += seen.bytes[temporal].bits_per_second(now);
  return sum;
}

void Source::on_packet(Layer layer, std::size_t bytes, TimePoint now) {
  Seen& seen = seen_.at(layer.encoding);
  const auto temporal = std::min<std::uint8_t>(layer.temporal, kMaxTemporalLayers - 1);
  seen.any = true;
  seen.highest_temporal = std::max(seen.highest_temporal, temporal);
  seen.bytes[temporal].add(bytes, now);
}

void Source::on_dimensions(std::uint8_t encoding, int width, int height) {
  seen_.at(encoding).height = std::min(width, height);
}

}  // namespace cloister::videobridge::media
