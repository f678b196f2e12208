#include "videobridge/conference/environment/census.h"

#include <algorithm>

namespace cloister::videobridge::conference {
namespace {

void add_to(ConferenceSizes& sizes, std::int64_t size, std::int64_t times) {
  const auto bound = std::ranges::lower_bound(kConferenceSizes, size);
  sizes.conferences[static_cast<std::size_t>(bound - kConferenceSizes.begin())].add(times);
  sizes.sum.add(size * times);
}

}  // namespace

void Census::show(const CensusCount* count) {
  if (has_shown_) add(shown_, -1);
  has_shown_ = count != nullptr;
  if (!count) return;
  shown_ = *count;
  add(shown_, 1);
}

void Census::add(const CensusCount& count, std::int64_t times) {
  for (std::size_t i = 0; i < kHeadcounts; ++i) counters_.headcounts[i].add(count.heads[i] * times);
  add_to(counters_.conferences_by_size, count.participants, times);
  add_to(counters_.conferences_by_audio_sender, count[Headcount::endpoints_sending_audio], times);
  add_to(counters_.conferences_by_video_sender, count[Headcount::endpoints_sending_video], times);
}

}  // namespace cloister::videobridge::conference
