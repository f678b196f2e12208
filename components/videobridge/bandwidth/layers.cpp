#include "videobridge/bandwidth/layers.h"

#include <algorithm>

namespace cloister::videobridge::bandwidth {
namespace {

// cc.onstage-preferred-height-px and -framerate: what a large picture climbs to before resolution grows
// further.
constexpr int kPreferredHeight = 360;
constexpr double kPreferredFrameRate = 30;

int lowest_height(std::span<const Layer> layers) {
  return std::ranges::min_element(layers, {}, &Layer::height)->height;
}

bool is_within(const Layer& layer, const VideoConstraints& constraints) {
  return constraints.max_height < 0 || layer.height <= constraints.max_height;
}

// Layers that are not sent now are of no use, unless none is: then the source has just been signalled.
std::vector<Layer> active_layers(std::span<const Layer> layers) {
  std::vector<Layer> active;
  std::ranges::copy_if(layers, std::back_inserter(active),
                       [](const Layer& layer) { return layer.bitrate > 0; });
  return active.empty() ? std::vector<Layer>(layers.begin(), layers.end()) : active;
}

LayerChoice consider_camera(std::span<const Layer> layers, const VideoConstraints& constraints) {
  const bool large = constraints.max_height < 0 || constraints.max_height > kDefaultMaxHeight;
  const int preferred_height = large ? kPreferredHeight : -1;
  const double best = std::ranges::max_element(layers, {}, &Layer::frame_rate)->frame_rate;
  const double preferred_rate = large ? std::min(best, kPreferredFrameRate) : -1;
  const int lowest = lowest_height(layers);
  LayerChoice choice;
  for (const Layer& layer : active_layers(layers)) {
    const bool fast_enough = layer.frame_rate < 0 || layer.frame_rate >= preferred_rate;
    if (layer.height < preferred_height || (is_within(layer, constraints) && fast_enough) ||
        layer.height == lowest) {
      choice.layers.push_back(layer);
      if (layer.height <= std::max(preferred_height, lowest)) {
        choice.preferred = static_cast<int>(choice.layers.size()) - 1;
      }
    }
  }
  return choice;
}

// Of the greatest height, the layer that costs least.
int cheapest_of_the_highest(std::span<const Layer> layers) {
  const auto better = [](const Layer& a, const Layer& b) {
    return a.height != b.height ? a.height > b.height : a.bitrate < b.bitrate;
  };
  return static_cast<int>(std::ranges::min_element(layers, better) - layers.begin());
}

LayerChoice consider_screen(std::span<const Layer> layers, const VideoConstraints& constraints,
                            bool on_stage) {
  const std::vector<Layer> active = active_layers(layers);
  LayerChoice choice;
  std::ranges::copy_if(active, std::back_inserter(choice.layers),
                       [&](const Layer& layer) { return is_within(layer, constraints); });
  if (choice.layers.empty()) {
    const int lowest = lowest_height(active);
    std::ranges::copy_if(active, std::back_inserter(choice.layers),
                         [&](const Layer& layer) { return layer.height == lowest; });
    // Several encodings of one height and unknown frame rate (VP9): a thumbnail gets the cheapest.
    if (!on_stage && choice.layers.front().frame_rate < 0) choice.layers.resize(1);
  }
  choice.preferred = static_cast<int>(choice.layers.size()) - 1;
  if (on_stage) choice.oversend = cheapest_of_the_highest(choice.layers);
  return choice;
}

}  // namespace

LayerChoice consider_layers(std::span<const Layer> layers, VideoType type,
                            const VideoConstraints& constraints, bool on_stage) {
  if (layers.empty() || type == VideoType::none || constraints.is_none()) return {};
  return type == VideoType::camera ? consider_camera(layers, constraints)
                                   : consider_screen(layers, constraints, on_stage);
}

}  // namespace cloister::videobridge::bandwidth
