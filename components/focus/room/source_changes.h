// What a receiver must still be told of the others' sources, kept while its session is pending (protocol/
// focus.md §4.4, rule 5). An addition and its removal cancel each other. Bounded by what the room holds.
#pragma once

#include "focus/room/offer.h"

namespace cloister::focus::room {

class SourceChanges {
public:
  void add(const std::string& owner, const xmpp::jingle::OwnedSources& sources);
  void remove(const std::string& owner, const xmpp::jingle::OwnedSources& sources);
  // The owner left the room: the client notices by itself, and an addition would leave a ghost behind
  // (protocol/client.md §8).
  void forget(const std::string& owner);

  struct Changes {
    SourceMap removed;  // to be told first
    SourceMap added;
  };
  Changes take();

private:
  SourceMap added_;
  SourceMap removed_;
};

}  // namespace cloister::focus::room
