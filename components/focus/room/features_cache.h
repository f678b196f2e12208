// Features by caps hash (XEP-0115), so that a room full of equal clients is asked once. Only what yields the
// hash it came under is kept: nobody can speak for others (checklist 83). Focus thread.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "focus/room/features.h"

namespace cloister::focus::room {

class FeaturesCache {
public:
  static constexpr std::size_t kMaxEntries = 256;  // a full cache starts anew

  std::optional<Features> find(const xmpp::Caps& caps) const;
  void put(const xmpp::Caps& caps, const xmpp::DiscoInfo& info);
  std::size_t size() const { return entries_.size(); }

private:
  std::unordered_map<std::string, Features> entries_;  // by `ver`, of SHA-1 only
};

}  // namespace cloister::focus::room
