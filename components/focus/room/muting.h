// Whose sound and pictures the bridge drops, and why: what a member may not send, and what others have muted
// until it unmutes itself (protocol/focus.md §7.1, §7.3). One room's; focus thread.
#pragma once

#include <map>

#include "base/ids.h"
#include "xmpp/colibri2.h"
#include "xmpp/stanzas.h"

namespace cloister::focus::room {

// One answer for microphone, camera and shared screen.
struct PerKind {
  bool audio = false;
  bool video = false;
  bool desktop = false;

  bool& of(xmpp::Mute::What what);
  bool of(xmpp::Mute::What what) const { return PerKind(*this).of(what); }
  friend bool operator==(const PerKind&, const PerKind&) = default;
};
// What a member may send, as AV moderation says; and as its role and the meeting's policy say.
using MaySend = PerKind;
inline constexpr MaySend kMaySendAll{.audio = true, .video = true, .desktop = true};

class Muting {
public:
  // Of members that are to come, too.
  void restrain(const EndpointId& member, MaySend may) { members_[member].may = may; }
  // By its role and the meeting's policy.
  void permit(const EndpointId& member, MaySend permitted);
  void on_sharing(const EndpointId& member, bool shares_screen);
  // By somebody else.
  void mute(const EndpointId& member, xmpp::Mute::What what) { members_[member].muted.of(what) = true; }
  // By the member itself; false: it may not (checklist 172).
  bool unmute(const EndpointId& member, xmpp::Mute::What what);
  void forget(const EndpointId& member) { members_.erase(member); }

  // The bridge knows pictures only: they are dropped when neither camera nor screen may be seen (checklist
  // 175), or when the camera is muted and nothing else is sent.
  xmpp::colibri2::ForceMute at_bridge(const EndpointId& member) const;

private:
  struct State {
    MaySend may = kMaySendAll;
    MaySend permitted = kMaySendAll;
    PerKind muted{};
    bool shares_screen = false;
  };
  std::map<EndpointId, State> members_;
};

}  // namespace cloister::focus::room
