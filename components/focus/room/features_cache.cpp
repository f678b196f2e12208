#include "focus/room/features_cache.h"

namespace cloister::focus::room {

std::optional<Features> FeaturesCache::find(const xmpp::Caps& caps) const {
  if (caps.hash != "sha-1") return std::nullopt;
  const auto found = entries_.find(caps.ver);
  return found == entries_.end() ? std::nullopt : std::optional(found->second);
}

void FeaturesCache::put(const xmpp::Caps& caps, const xmpp::DiscoInfo& info) {
  if (caps.hash != "sha-1" || xmpp::caps_ver(info) != caps.ver) return;
  if (entries_.size() >= kMaxEntries) entries_.clear();
  entries_.emplace(caps.ver, features_of(info));
}

}  // namespace cloister::focus::room
