#include "focus/room/source_view.h"

#include <algorithm>
#include <set>

#include "focus/room/source_registry.h"

namespace cloister::focus::room {

using xmpp::Source;
using xmpp::SourceGroup;
using OwnedSources = xmpp::jingle::OwnedSources;

OwnedSources without_simulcast(const OwnedSources& sources) {
  std::set<Ssrc> dropped;
  for (const SourceGroup& group : sources.video_groups)
    if (group.semantics == "SIM" && !group.ssrcs.empty())
      dropped.insert(group.ssrcs.begin() + 1, group.ssrcs.end());
  for (const SourceGroup& group : sources.video_groups)
    if (group.semantics == "FID" && group.ssrcs.size() == 2 && dropped.contains(group.ssrcs[0]))
      dropped.insert(group.ssrcs[1]);
  OwnedSources out = sources;
  std::erase_if(out.video, [&](const Source& source) { return dropped.contains(source.ssrc); });
  std::erase_if(out.video_groups, [&](const SourceGroup& group) {
    return group.semantics == "SIM" ||
           std::ranges::any_of(group.ssrcs, [&](Ssrc ssrc) { return dropped.contains(ssrc); });
  });
  return out;
}

SourceMap seen_through(const View& view, const SourceMap& sources, const std::string& but) {
  SourceMap seen;
  for (const auto& [owner, owned] : sources) {
    if (owner == but || (view.ssrc_rewriting && owner != kFeedbackOwner)) continue;
    OwnedSources part = view.strip_simulcast ? without_simulcast(owned) : owned;
    if (!view.audio) part.audio.clear(), part.audio_groups.clear();
    if (!view.video) part.video.clear(), part.video_groups.clear();
    if (!empty(part)) seen.emplace(owner, std::move(part));
  }
  return seen;
}

}  // namespace cloister::focus::room
