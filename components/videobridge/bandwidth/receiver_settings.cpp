#include "videobridge/bandwidth/receiver_settings.h"

#include <utility>

namespace cloister::videobridge::bandwidth {

const VideoConstraints& ReceiverSettings::of(const SourceName& source) const {
  const auto found = constraints.find(source);
  return found == constraints.end() ? default_constraints : found->second;
}

void apply(ReceiverVideoConstraints message, ReceiverSettings& settings) {
  if (!message.default_constraints && !settings.has_message) {
    message.default_constraints = VideoConstraints{.max_height = kDefaultMaxHeight};
  }
  settings.has_message = true;
  if (message.last_n) settings.last_n = *message.last_n;
  if (message.selected_sources) settings.selected_sources = std::move(*message.selected_sources);
  if (message.on_stage_sources) settings.on_stage_sources = std::move(*message.on_stage_sources);
  if (message.default_constraints) settings.default_constraints = *message.default_constraints;
  if (message.constraints) settings.constraints = std::move(*message.constraints);
  if (message.assumed_bandwidth) settings.assumed_bandwidth = *message.assumed_bandwidth;
}

}  // namespace cloister::videobridge::bandwidth
