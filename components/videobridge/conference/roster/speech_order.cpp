#include "videobridge/conference/roster/speech_order.h"

#include <algorithm>

namespace cloister::videobridge::conference {

bool SpeechOrder::remove(const Member& member) {
  std::erase(order_, &member);
  return std::erase(recent_, &member) > 0;
}

void SpeechOrder::on_dominant(Member& member) {
  if (const auto found = std::ranges::find(order_, &member); found != order_.end()) {
    std::rotate(order_.begin(), found, found + 1);
  }
  std::erase(recent_, &member);
  recent_.insert(recent_.begin(), &member);
  if (recent_.size() > kRecentSpeakers + 1) recent_.pop_back();
}

}  // namespace cloister::videobridge::conference
