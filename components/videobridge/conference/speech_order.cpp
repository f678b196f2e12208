#include "videobridge/conference/speech_order.h"

#include <algorithm>

namespace cloister::videobridge::conference {

bool SpeechOrder::remove(const Endpoint& endpoint) {
  std::erase(order_, &endpoint);
  return std::erase(recent_, &endpoint) > 0;
}

void SpeechOrder::on_dominant(Endpoint& endpoint) {
  if (const auto found = std::ranges::find(order_, &endpoint); found != order_.end()) {
    std::rotate(order_.begin(), found, found + 1);
  }
  std::erase(recent_, &endpoint);
  recent_.insert(recent_.begin(), &endpoint);
  if (recent_.size() > kRecentSpeakers + 1) recent_.pop_back();
}

}  // namespace cloister::videobridge::conference
