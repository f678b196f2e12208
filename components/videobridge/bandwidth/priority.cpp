#include "videobridge/bandwidth/priority.h"

#include <algorithm>
#include <unordered_map>

namespace cloister::videobridge::bandwidth {
namespace {

// Moves sources into the ranking, each at most once.
class Ranking {
public:
  Ranking(std::span<const OfferedSource> sources, std::uint32_t receiver) : sources_(sources) {
    taken_.resize(sources.size());
    for (std::size_t i = 0; i < sources.size(); ++i) taken_[i] = sources[i].owner == receiver;
  }
  void take_named(const std::vector<SourceName>& names, bool on_stage) {
    if (names.empty()) return;
    index();
    for (const SourceName& name : names) {
      const auto found = by_name_.find(name.expose());
      if (found != by_name_.end() && sources_[found->second].type != VideoType::none)
        take(found->second, on_stage);
    }
  }
  void take_rest(bool enabled) {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if ((sources_[i].type != VideoType::none) == enabled) take(i, false);
    }
  }
  std::vector<RankedSource> result() && { return std::move(ranked_); }

private:
  void index() {
    if (!by_name_.empty()) return;
    for (std::size_t i = 0; i < sources_.size(); ++i) by_name_.emplace(sources_[i].name->expose(), i);
  }
  void take(std::size_t i, bool on_stage) {
    if (taken_[i]) return;
    taken_[i] = true;
    ranked_.push_back({.source = &sources_[i], .effective = kNothing, .on_stage = on_stage});
  }

  std::span<const OfferedSource> sources_;
  std::vector<bool> taken_;
  std::unordered_map<std::string_view, std::size_t> by_name_;
  std::vector<RankedSource> ranked_;
};

}  // namespace

int effective_last_n(int client, const LastNLimits& limits) {
  int least = kUnlimited;
  for (const int limit : {client, limits.bridge, limits.conference, limits.ssrcs}) {
    if (limit >= 0 && (least < 0 || limit < least)) least = limit;
  }
  return least;
}

std::vector<RankedSource> rank(std::span<const OfferedSource> by_speech_order, std::uint32_t receiver,
                               const ReceiverSettings& settings, int last_n) {
  Ranking ranking(by_speech_order, receiver);
  ranking.take_named(settings.on_stage_sources, true);
  ranking.take_named(settings.selected_sources, false);
  ranking.take_rest(true);
  ranking.take_rest(false);
  std::vector<RankedSource> ranked = std::move(ranking).result();
  int wanted = 0;
  for (RankedSource& entry : ranked) {
    if (entry.source->type == VideoType::none || (last_n >= 0 && wanted >= last_n)) continue;
    entry.effective = settings.of(*entry.source->name);
    if (!entry.effective.is_none()) ++wanted;
  }
  return ranked;
}

}  // namespace cloister::videobridge::bandwidth
