// <SourceInfo> of a participant's presence:
// {"<id>-a0":{"muted":true},"<id>-v0":{"muted":false,"videoType":"camera"}}.
#include <boost/json.hpp>

#include "xmpp/xml/muc_xml.h"

namespace cloister::xmpp::xml {

namespace json = boost::json;

namespace {

// "<id>-a0" is audio, all else video, unless mediaType says so.
MediaKind kind_by_name(std::string_view name) {
  const auto dash = name.rfind('-');
  return dash != std::string_view::npos && name.substr(dash + 1).starts_with('a') ? MediaKind::audio
                                                                                  : MediaKind::video;
}

// A member that must be a string when it is there.
std::optional<std::string_view> text_member(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  if (!value) return std::string_view();
  if (!value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::optional<SourceState> parse_state(std::string_view name, const json::value& value) {
  const json::object* object = value.if_object();
  if (!object) return std::nullopt;
  SourceState state{.kind = kind_by_name(name)};
  if (const json::value* muted = object->if_contains("muted"); muted) {
    if (!muted->is_bool()) return std::nullopt;
    state.muted = muted->get_bool();
  }
  const auto video_type = text_member(*object, "videoType");
  if (!video_type || (*video_type != "" && *video_type != "camera" && *video_type != "desktop"))
    return std::nullopt;
  if (*video_type == "desktop") state.video_type = VideoType::desktop;
  const auto media_type = text_member(*object, "mediaType");
  if (!media_type) return std::nullopt;
  if (*media_type == "audio") state.kind = MediaKind::audio;
  if (*media_type == "video") state.kind = MediaKind::video;
  return state;
}

}  // namespace

std::optional<std::map<SourceName, SourceState>> parse_source_info(std::string_view text) {
  if (text.size() > kLongestSourceInfo) return std::nullopt;
  boost::system::error_code error;
  const json::value root = json::parse(text, error);
  const json::object* object = error ? nullptr : root.if_object();
  if (!object) return std::nullopt;
  std::map<SourceName, SourceState> sources;
  for (const auto& [name, value] : *object) {
    const auto state = parse_state(name, value);
    if (!state) return std::nullopt;
    sources.emplace(SourceName(std::string(name)), *state);
  }
  return sources;
}

}  // namespace cloister::xmpp::xml
