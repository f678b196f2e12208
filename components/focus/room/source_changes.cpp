#include "focus/room/source_changes.h"

#include <algorithm>
#include <utility>

#include "focus/room/source_registry.h"

namespace cloister::focus::room {
namespace {

using OwnedSources = xmpp::jingle::OwnedSources;

// Each of `news` either erases its opposite or joins its like.
template <class T>
void merge(const std::vector<T>& news, std::vector<T>& like, std::vector<T>& opposite) {
  for (const T& item : news) {
    if (const auto found = std::ranges::find(opposite, item); found != opposite.end())
      opposite.erase(found);
    else if (std::ranges::find(like, item) == like.end())
      like.push_back(item);
  }
}

void merge(const std::string& owner, const OwnedSources& news, SourceMap& like, SourceMap& opposite) {
  OwnedSources& to = like[owner];
  OwnedSources& against = opposite[owner];
  merge(news.audio, to.audio, against.audio);
  merge(news.audio_groups, to.audio_groups, against.audio_groups);
  merge(news.video, to.video, against.video);
  merge(news.video_groups, to.video_groups, against.video_groups);
  if (empty(to)) like.erase(owner);
  if (empty(against)) opposite.erase(owner);
}

}  // namespace

void SourceChanges::add(const std::string& owner, const OwnedSources& sources) {
  merge(owner, sources, added_, removed_);
}

void SourceChanges::remove(const std::string& owner, const OwnedSources& sources) {
  merge(owner, sources, removed_, added_);
}

void SourceChanges::forget(const std::string& owner) {
  added_.erase(owner);
  removed_.erase(owner);
}

SourceChanges::Changes SourceChanges::take() {
  return {std::exchange(removed_, {}), std::exchange(added_, {})};
}

}  // namespace cloister::focus::room
