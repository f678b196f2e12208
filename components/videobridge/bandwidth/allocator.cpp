#include "videobridge/bandwidth/allocator.h"

#include <algorithm>

namespace cloister::videobridge::bandwidth {
namespace {

// One source climbing its layers.
class Climber {
public:
  explicit Climber(const RankedSource& ranked)
      : ranked_(ranked),
        choice_(
            consider_layers(ranked.source->layers, ranked.source->type, ranked.effective, ranked.on_stage)) {}

  bool is_wanted() const { return !ranked_.effective.is_none(); }
  // An on-stage source below its preferred layer keeps the rest of the list waiting.
  bool blocks_others() const { return ranked_.on_stage && chosen_ < choice_.preferred; }

  // Goes up as far as this round allows; returns what it costs on top, bit/s.
  std::int64_t improve(std::int64_t remaining, bool is_first) {
    if (choice_.layers.empty()) return 0;
    const std::int64_t before = cost();
    const std::int64_t budget = remaining + before;
    if (ranked_.on_stage && chosen_ < 0 && choice_.preferred >= 0) {
      while (chosen_ < choice_.preferred && bitrate(chosen_ + 1) <= budget) ++chosen_;
    } else if (chosen_ < highest() && bitrate(chosen_ + 1) < budget) {
      ++chosen_;
    }
    skip_to_better_for_no_more();
    if (is_first) {
      oversend(budget);
      keep_stage(budget);
    }
    return cost() - before;
  }

  SourceAllocation result() const {
    SourceAllocation out{.source = ranked_.source, .effective = ranked_.effective};
    if (chosen_ >= 0) out.target = layer(chosen_).index;
    if (!choice_.layers.empty()) {
      out.ideal = choice_.layers.back().index;
      out.suspended = chosen_ < 0 && bitrate(0) > 0;
    }
    return out;
  }
  std::int64_t cost() const { return chosen_ < 0 ? 0 : bitrate(chosen_); }
  std::int64_t ideal_cost() const { return choice_.layers.empty() ? 0 : bitrate(highest()); }

private:
  const Layer& layer(int i) const { return choice_.layers[static_cast<std::size_t>(i)]; }
  std::int64_t bitrate(int i) const { return layer(i).bitrate; }
  int highest() const { return static_cast<int>(choice_.layers.size()) - 1; }

  void skip_to_better_for_no_more() {
    if (chosen_ < 0) return;
    for (int i = highest(); i > chosen_; --i) {
      if (bitrate(i) <= bitrate(chosen_)) chosen_ = i;
    }
  }
  void oversend(std::int64_t budget) {
    for (int i = choice_.oversend; i > chosen_; --i) {
      if (bitrate(i) <= budget + kMaxOversend) chosen_ = i;
    }
  }

  // A dip of the estimate is no reason to turn off what somebody looks at.
  void keep_stage(std::int64_t budget) {
    if (ranked_.on_stage && chosen_ < 0 && bitrate(0) <= budget * kStageExcess) chosen_ = 0;
  }

  const RankedSource& ranked_;
  LayerChoice choice_;
  int chosen_ = -1;
};

// Rounds over the list until nobody can climb any further; returns whether the budget was exceeded.
bool climb(std::vector<Climber>& climbers, std::int64_t remaining) {
  bool oversending = false;
  std::int64_t before = remaining + 1;
  while (remaining != before) {
    before = remaining;
    for (std::size_t i = 0; i < climbers.size(); ++i) {
      if (!climbers[i].is_wanted()) continue;
      remaining -= climbers[i].improve(remaining, i == 0);
      if (remaining < 0) oversending = true;
      if (climbers[i].blocks_others()) break;
    }
  }
  return oversending;
}

}  // namespace

Allocation allocate(const AllocationInput& input) {
  const std::vector<RankedSource> ranked =
      rank(input.by_speech_order, input.receiver, input.settings, input.last_n);
  std::vector<Climber> climbers(ranked.begin(), ranked.end());
  Allocation out;
  out.oversending = climb(climbers, input.bandwidth);
  out.sources.reserve(climbers.size());
  for (const Climber& climber : climbers) {
    out.sources.push_back(climber.result());
    out.target_bitrate += climber.cost();
    out.ideal_bitrate += climber.ideal_cost();
  }
  return out;
}

}  // namespace cloister::videobridge::bandwidth
