// What a client can do, as far as the focus cares (protocol/focus.md §3.7).
#pragma once

#include "xmpp/disco.h"

namespace cloister::focus::room {

struct Features {
  // The defaults are what a client is taken for that does not answer (checklist 82).
  bool audio = true;
  bool video = true;
  bool data = true;
  bool rtx = false;
  bool transport_cc = false;
  bool remb = false;
  bool opus_red = false;
  bool json_sources = false;
  bool ssrc_rewriting = false;
  friend bool operator==(const Features&, const Features&) = default;
};

Features features_of(const xmpp::DiscoInfo& info);

}  // namespace cloister::focus::room
