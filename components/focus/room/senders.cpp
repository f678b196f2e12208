#include "focus/room/senders.h"

namespace cloister::focus::room {

Sending sending(const xmpp::MucPresence& presence) {
  if (!presence.sources)
    return {.audio = !presence.audio_muted.value_or(true), .video = !presence.video_muted.value_or(true)};
  Sending result;
  for (const auto& [name, state] : *presence.sources) {
    if (state.muted) continue;
    (state.kind == MediaKind::audio ? result.audio : result.video) = true;
    if (state.kind == MediaKind::video && state.video_type == xmpp::VideoType::desktop) result.desktop = true;
  }
  return result;
}

}  // namespace cloister::focus::room
