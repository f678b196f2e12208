#include "videobridge/conference/sender_constraints.h"

namespace cloister::videobridge::conference {
namespace {

// −1, unlimited, wins over every height.
bool wants_less(int a, int b) { return b < 0 ? a >= 0 : a >= 0 && a < b; }

}  // namespace

void SenderConstraints::vote(std::uint32_t receiver, std::span<const bandwidth::SourceAllocation> wishes,
                             std::vector<media::SourceId>& changed) {
  for (const bandwidth::SourceAllocation& wish : wishes) {
    const int height = wish.effective.is_none() ? 0 : wish.effective.max_height;
    vote(receiver, wish.source->id, height, changed);
  }
}

void SenderConstraints::vote(std::uint32_t receiver, media::SourceId source, int max_height,
                             std::vector<media::SourceId>& changed) {
  if (raw(source) >= sources_.size()) sources_.resize(raw(source) + 1);
  set(source, receiver, max_height, changed);
}

void SenderConstraints::forget_receiver(std::uint32_t receiver, std::vector<media::SourceId>& changed) {
  for (std::uint32_t i = 0; i < sources_.size(); ++i) set(media::SourceId{i}, receiver, 0, changed);
}

void SenderConstraints::forget_source(media::SourceId source) {
  if (raw(source) < sources_.size()) sources_[raw(source)] = {};
}

int SenderConstraints::max_height(media::SourceId source) const {
  return raw(source) < sources_.size() ? sources_[raw(source)].max_height : 0;
}

void SenderConstraints::set(media::SourceId source, std::uint32_t receiver, int height,
                            std::vector<media::SourceId>& changed) {
  Votes& votes = sources_[raw(source)];
  if (height == 0) {
    if (votes.heights.erase(receiver) == 0) return;
  } else {
    int& vote = votes.heights[receiver];
    if (vote == height) return;
    vote = height;
  }
  int most = 0;
  for (const auto& [voter, wanted] : votes.heights) {
    if (wants_less(most, wanted)) most = wanted;
  }
  if (most == votes.max_height) return;
  votes.max_height = most;
  changed.push_back(source);
}

}  // namespace cloister::videobridge::conference
