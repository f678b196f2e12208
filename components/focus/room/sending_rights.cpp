#include "focus/room/sending_rights.h"

#include <algorithm>

namespace cloister::focus::room {
namespace {

using rights::Right;

Right right_to(xmpp::jingle::ContentKind kind, const xmpp::Source& source) {
  if (kind == xmpp::jingle::ContentKind::audio) return Right::microphone;
  return source.video_type == xmpp::VideoType::desktop ? Right::screen : Right::camera;
}

}  // namespace

bool take_out(xmpp::jingle::Jingle& jingle, const std::function<bool(Right)>& may) {
  using xmpp::jingle::Action;
  if (jingle.action != Action::session_accept && jingle.action != Action::source_add) return false;
  bool any = false;
  for (xmpp::jingle::Content& content : jingle.contents) {
    const auto taken = std::erase_if(
        content.sources, [&](const xmpp::Source& source) { return !may(right_to(content.kind, source)); });
    if (taken == 0) continue;
    any = true;
    // A group of what is gone would be refused as one without its members.
    std::erase_if(content.groups, [&](const xmpp::SourceGroup& group) {
      return !std::ranges::all_of(group.ssrcs, [&](Ssrc ssrc) {
        return std::ranges::find(content.sources, ssrc, &xmpp::Source::ssrc) != content.sources.end();
      });
    });
  }
  return any;
}

}  // namespace cloister::focus::room
