// Who sends what in one room: every participant's sources, checked so that no participant can take, hide or
// break another's (protocol/focus.md §4.6). Bounded per participant. Focus thread.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "base/result.h"
#include "focus/room/offer.h"
#include "xmpp/jingle.h"

namespace cloister::focus::room {

// Why a change was refused; the whole of it, always (checklist 118).
enum class SourceRefusal : std::uint8_t {
  ssrc_zero,
  ssrc_in_use,
  too_many_sources,
  too_many_groups,
  unknown_group_member,
  unknown_semantics,
  fid_is_no_pair,
  group_without_msid,
  group_msids_differ,
  groups_share_msid,
  msid_of_another,
  foreign_name,
  bad_text,  // a name or msid that is too long or has control characters
  not_own
};
const char* text_of(SourceRefusal refusal);

inline constexpr const char* kFeedbackOwner = "jvb";

class SourceRegistry {
public:
  using OwnedSources = xmpp::jingle::OwnedSources;
  struct Limits {
    std::size_t sources = 20;  // audio and video together
    std::size_t groups = 20;
  };
  static constexpr std::size_t kMaxText = 256;

  explicit SourceRegistry(Limits limits) : limits_(limits) {}

  // All or nothing. What was added, without the groups that say nothing new.
  Result<OwnedSources, SourceRefusal> add(const std::string& owner, OwnedSources added);
  // By SSRC. What went, with the groups that were built on it.
  Result<OwnedSources, SourceRefusal> remove(const std::string& owner, const OwnedSources& removed);
  void remove_owner(const std::string& owner);
  // The bridge's feedback sources, owned by "jvb". Replaces those of an earlier bridge.
  void set_feedback(OwnedSources sources);

  const OwnedSources& of(const std::string& owner) const;  // empty for unknown ones
  bool has(const std::string& owner) const { return owners_.contains(owner); }
  const SourceMap& all() const { return owners_; }
  bool empty() const { return owners_.empty(); }

private:
  Result<OwnedSources, SourceRefusal> checked(const std::string& owner, OwnedSources added) const;
  void put(const std::string& owner, const OwnedSources& sources);

  Limits limits_;
  SourceMap owners_;
  std::unordered_map<std::uint32_t, std::string> ssrc_owner_;
  std::unordered_map<std::string, std::string> msid_owner_;
};

// The sources in a client's session-accept, source-add or source-remove. Unnamed ones get the name that
// today's clients would give them.
xmpp::jingle::OwnedSources sources_in(const xmpp::jingle::Jingle& jingle, const std::string& owner);
bool empty(const xmpp::jingle::OwnedSources& sources);

}  // namespace cloister::focus::room
