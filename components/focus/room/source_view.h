// What one receiver is told of the others' sources (protocol/focus.md §4.4): only kinds it takes, one layer
// of each video, and for a receiver with ssrc-rewriting nothing but the bridge's feedback sources.
#pragma once

#include "focus/room/offer.h"

namespace cloister::focus::room {

struct View {
  bool audio = true;
  bool video = true;
  bool ssrc_rewriting = false;
  bool strip_simulcast = true;
};

// Without those of `but`: a receiver is not told of itself.
SourceMap seen_through(const View& view, const SourceMap& sources, const std::string& but = {});

// Of a simulcast group the first layer with its RTX stays (checklist 107). The client takes a group only when
// it names all SSRCs of a source.
xmpp::jingle::OwnedSources without_simulcast(const xmpp::jingle::OwnedSources& sources);

}  // namespace cloister::focus::room
