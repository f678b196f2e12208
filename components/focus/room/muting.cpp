#include "focus/room/muting.h"

namespace cloister::focus::room {

using What = xmpp::Mute::What;

bool& PerKind::of(What what) {
  switch (what) {
    case What::audio: return audio;
    case What::video: return video;
    case What::desktop: return desktop;
  }
  return audio;
}

void Muting::on_sharing(const EndpointId& member, bool shares_screen) {
  const auto found = members_.find(member);
  if (found != members_.end())
    found->second.shares_screen = shares_screen;
  else if (shares_screen)
    members_[member].shares_screen = true;
}

void Muting::permit(const EndpointId& member, MaySend permitted) {
  if (members_.contains(member) || permitted != kMaySendAll) members_[member].permitted = permitted;
}

bool Muting::unmute(const EndpointId& member, What what) {
  const auto found = members_.find(member);
  if (found == members_.end()) return true;
  if (!found->second.may.of(what) || !found->second.permitted.of(what)) return false;
  found->second.muted.of(what) = false;
  return true;
}

xmpp::colibri2::ForceMute Muting::at_bridge(const EndpointId& member) const {
  const auto found = members_.find(member);
  if (found == members_.end()) return {};
  const auto& [may, permitted, muted, shares_screen] = found->second;
  const bool camera = may.video && permitted.video && !muted.video;
  const bool screen = may.desktop && permitted.desktop && !muted.desktop && (shares_screen || !muted.video);
  return {.audio = !may.audio || !permitted.audio || muted.audio, .video = !camera && !screen};
}

}  // namespace cloister::focus::room
