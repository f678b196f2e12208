#include "focus/room/source_registry.h"

#include <algorithm>
#include <optional>
#include <set>

namespace cloister::focus::room {
namespace {

using xmpp::Source;
using xmpp::SourceGroup;
using OwnedSources = xmpp::jingle::OwnedSources;
using Sources = std::vector<Source>;
using Groups = std::vector<SourceGroup>;
using Problem = std::optional<SourceRefusal>;

bool is_clean(const std::string& text) {
  return text.size() <= SourceRegistry::kMaxText &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

const Source* find(const Sources& sources, Ssrc ssrc) {
  const auto found = std::ranges::find(sources, ssrc, &Source::ssrc);
  return found == sources.end() ? nullptr : &*found;
}

// A group on its own: what it may be and whom it may name.
Problem check_group(const SourceGroup& group, const Sources& sources) {
  if (group.semantics != "FID" && group.semantics != "SIM") return SourceRefusal::unknown_semantics;
  if (group.semantics == "FID" && group.ssrcs.size() != 2) return SourceRefusal::fid_is_no_pair;
  const std::string* msid = nullptr;
  for (const Ssrc ssrc : group.ssrcs) {
    const Source* const source = find(sources, ssrc);
    if (!source) return SourceRefusal::unknown_group_member;
    if (source->msid.empty()) return SourceRefusal::group_without_msid;
    if (msid && *msid != source->msid) return SourceRefusal::group_msids_differ;
    msid = &source->msid;
  }
  return std::nullopt;
}

// Groups that share SSRCs (a SIM group with its FID pairs) belong to one track; different tracks of one
// kind have different msids.
Problem check_tracks(const Groups& groups, const Sources& sources) {
  std::vector<std::set<Ssrc>> tracks;
  for (const SourceGroup& group : groups) {
    std::set<Ssrc> merged(group.ssrcs.begin(), group.ssrcs.end());
    std::erase_if(tracks, [&merged](const std::set<Ssrc>& track) {
      const bool shared = std::ranges::any_of(track, [&](Ssrc ssrc) { return merged.contains(ssrc); });
      if (shared) merged.insert(track.begin(), track.end());
      return shared;
    });
    tracks.push_back(std::move(merged));
  }
  std::set<std::string> msids;
  for (const std::set<Ssrc>& track : tracks)
    if (!msids.insert(find(sources, *track.begin())->msid).second) return SourceRefusal::groups_share_msid;
  return std::nullopt;
}

Problem check_groups(const Groups& groups, const Sources& sources) {
  for (const SourceGroup& group : groups)
    if (const Problem problem = check_group(group, sources)) return problem;
  return check_tracks(groups, sources);
}

void drop_idle_groups(Groups& added, const Groups& present) {
  Groups kept;
  for (SourceGroup& group : added)
    if (!group.ssrcs.empty() && std::ranges::find(present, group) == present.end() &&
        std::ranges::find(kept, group) == kept.end())
      kept.push_back(std::move(group));
  added = std::move(kept);
}

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

OwnedSources together(OwnedSources a, const OwnedSources& b) {
  append(a.audio, b.audio);
  append(a.audio_groups, b.audio_groups);
  append(a.video, b.video);
  append(a.video_groups, b.video_groups);
  return a;
}

template <class Do>
void for_each_source(const OwnedSources& sources, Do action) {
  for (const Source& source : sources.audio) action(source);
  for (const Source& source : sources.video) action(source);
}

// Moves the sources named in `gone`, and the groups built on them, from one place to the other.
void move_out(const std::set<Ssrc>& gone, Sources& from, Groups& groups, Sources& to, Groups& to_groups) {
  const auto leaves = [&gone](Ssrc ssrc) { return gone.contains(ssrc); };
  std::ranges::copy_if(from, std::back_inserter(to), leaves, &Source::ssrc);
  std::erase_if(from, [&](const Source& source) { return leaves(source.ssrc); });
  const auto breaks = [&](const SourceGroup& group) { return std::ranges::any_of(group.ssrcs, leaves); };
  std::ranges::copy_if(groups, std::back_inserter(to_groups), breaks);
  std::erase_if(groups, breaks);
}

}  // namespace

const char* text_of(SourceRefusal refusal) {
  switch (refusal) {
    case SourceRefusal::ssrc_zero: return "SSRC 0 is not allowed.";
    case SourceRefusal::ssrc_in_use: return "SSRC already used.";
    case SourceRefusal::too_many_sources: return "SSRC limit exceeded.";
    case SourceRefusal::too_many_groups: return "SSRC group limit exceeded.";
    case SourceRefusal::unknown_group_member: return "Group of an unknown SSRC.";
    case SourceRefusal::unknown_semantics: return "Unknown group semantics.";
    case SourceRefusal::fid_is_no_pair: return "A FID group has two SSRCs.";
    case SourceRefusal::group_without_msid: return "Grouped SSRC without msid.";
    case SourceRefusal::group_msids_differ: return "Different msids in one group.";
    case SourceRefusal::groups_share_msid: return "One msid in different groups.";
    case SourceRefusal::msid_of_another: return "The msid belongs to another participant.";
    case SourceRefusal::foreign_name: return "The source name belongs to another participant.";
    case SourceRefusal::bad_text: return "Bad source name or msid.";
    case SourceRefusal::not_own: return "Not a source of this participant.";
  }
  return "";
}

Result<OwnedSources, SourceRefusal> SourceRegistry::checked(const std::string& owner,
                                                            OwnedSources added) const {
  const OwnedSources& present = of(owner);
  Problem problem;
  std::set<Ssrc> fresh;
  for_each_source(added, [&](const Source& source) {
    if (raw(source.ssrc) == 0) problem = SourceRefusal::ssrc_zero;
    if (ssrc_owner_.contains(raw(source.ssrc)) || !fresh.insert(source.ssrc).second)
      problem = SourceRefusal::ssrc_in_use;
    if (!is_clean(source.name.expose()) || !is_clean(source.msid)) problem = SourceRefusal::bad_text;
    if (!source.name.expose().starts_with(owner + "-")) problem = SourceRefusal::foreign_name;
    const auto msid = msid_owner_.find(source.msid);
    if (msid != msid_owner_.end() && msid->second != owner) problem = SourceRefusal::msid_of_another;
  });
  if (problem) return fail(*problem);
  drop_idle_groups(added.audio_groups, present.audio_groups);
  drop_idle_groups(added.video_groups, present.video_groups);
  const OwnedSources all = together(present, added);
  if (all.audio.size() + all.video.size() > limits_.sources) return fail(SourceRefusal::too_many_sources);
  if (all.audio_groups.size() + all.video_groups.size() > limits_.groups)
    return fail(SourceRefusal::too_many_groups);
  problem = check_groups(all.audio_groups, all.audio);
  if (!problem) problem = check_groups(all.video_groups, all.video);
  if (problem) return fail(*problem);
  return added;
}

Result<OwnedSources, SourceRefusal> SourceRegistry::add(const std::string& owner, OwnedSources added) {
  auto fine = checked(owner, std::move(added));
  if (fine && !focus::room::empty(*fine)) put(owner, *fine);
  return fine;
}

void SourceRegistry::put(const std::string& owner, const OwnedSources& sources) {
  OwnedSources& present = owners_[owner];
  present = together(std::move(present), sources);
  for_each_source(sources, [&](const Source& source) {
    ssrc_owner_[raw(source.ssrc)] = owner;
    if (!source.msid.empty()) msid_owner_[source.msid] = owner;
  });
}

Result<OwnedSources, SourceRefusal> SourceRegistry::remove(const std::string& owner,
                                                           const OwnedSources& removed) {
  std::set<Ssrc> gone;
  bool all_own = true;
  for_each_source(removed, [&](const Source& source) {
    const auto found = ssrc_owner_.find(raw(source.ssrc));
    all_own &= found != ssrc_owner_.end() && found->second == owner;
    gone.insert(source.ssrc);
  });
  if (!all_own) return fail(SourceRefusal::not_own);
  OwnedSources out;
  if (gone.empty()) return out;
  OwnedSources left = of(owner);
  move_out(gone, left.audio, left.audio_groups, out.audio, out.audio_groups);
  move_out(gone, left.video, left.video_groups, out.video, out.video_groups);
  remove_owner(owner);
  if (!focus::room::empty(left)) put(owner, left);
  return out;
}

void SourceRegistry::remove_owner(const std::string& owner) {
  const auto found = owners_.find(owner);
  if (found == owners_.end()) return;
  for_each_source(found->second, [this](const Source& source) {
    ssrc_owner_.erase(raw(source.ssrc));
    msid_owner_.erase(source.msid);
  });
  owners_.erase(found);
}

void SourceRegistry::set_feedback(OwnedSources sources) {
  remove_owner(kFeedbackOwner);
  if (!focus::room::empty(sources)) put(kFeedbackOwner, sources);
}

const OwnedSources& SourceRegistry::of(const std::string& owner) const {
  static const OwnedSources nothing;
  const auto found = owners_.find(owner);
  return found == owners_.end() ? nothing : found->second;
}

OwnedSources sources_in(const xmpp::jingle::Jingle& jingle, const std::string& owner) {
  OwnedSources found;
  for (const xmpp::jingle::Content& content : jingle.contents) {
    const bool audio = content.kind == xmpp::jingle::ContentKind::audio;
    if (!audio && content.kind != xmpp::jingle::ContentKind::video) continue;
    for (Source source : content.sources) {
      source.owner.clear();
      if (source.name.expose().empty()) source.name = SourceName(owner + (audio ? "-a0" : "-v0"));
      (audio ? found.audio : found.video).push_back(std::move(source));
    }
    append(audio ? found.audio_groups : found.video_groups, content.groups);
  }
  return found;
}

bool empty(const OwnedSources& sources) {
  return sources.audio.empty() && sources.video.empty() && sources.audio_groups.empty() &&
         sources.video_groups.empty();
}

}  // namespace cloister::focus::room
