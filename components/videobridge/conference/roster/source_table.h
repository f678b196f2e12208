// The living sources of a conference by their small number, with who sends them. Shard thread; owned by the
// conference.
#pragma once

#include <vector>

#include "videobridge/media/model/source.h"

namespace cloister::videobridge::conference {

class Member;

class SourceTable {
public:
  struct Entry {
    media::Source* source = nullptr;
    Member* owner = nullptr;
  };

  void add(media::Source& source, Member& owner) {
    if (raw(source.id()) >= entries_.size()) entries_.resize(raw(source.id()) + 1);
    entries_[raw(source.id())] = {&source, &owner};
  }
  void remove(const media::Source& source) { entries_[raw(source.id())] = {}; }
  // Empty when there is none of that number.
  Entry find(media::SourceId id) const { return raw(id) < entries_.size() ? entries_[raw(id)] : Entry{}; }

  template <class Visit>
  void for_each(Visit&& visit) const {
    for (const Entry& entry : entries_) {
      if (entry.source) visit(*entry.source, *entry.owner);
    }
  }

private:
  std::vector<Entry> entries_;
};

}  // namespace cloister::videobridge::conference
