#include "focus/services/room_metadata.h"

#include <algorithm>
#include <array>

#include "focus/services/json_text.h"

namespace cloister::focus::services {

using rights::Right;
using xmpp::ErrorCondition;
namespace json = boost::json;

namespace {

constexpr std::size_t kLongestKey = 64;
constexpr std::string_view kStartMuted = "startMuted";
constexpr std::string_view kPolicy = "policy";
// What clients take for the server's word.
constexpr std::array<std::string_view, 12> kOfTheServer{
    "moderators",      "participants",          "services",           "visitors",
    "visitorsEnabled", "participantsSoftLimit", "lobbyEnabled",       "allownersEnabled",
    "transcription",   "translation",           "asyncTranscription", "recording"};

bool is_key(std::string_view key) {
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c == '.' || c == '-';
  };
  return !key.empty() && key.size() <= kLongestKey && std::ranges::all_of(key, allowed);
}

// {"name":true,…}; nothing when a member is no boolean.
std::optional<std::map<std::string, bool>> parse_flags(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  std::map<std::string, bool> flags;
  for (const auto& [name, flag] : value.get_object()) {
    if (!flag.is_bool()) return std::nullopt;
    flags.emplace(name, flag.get_bool());
  }
  return flags;
}

bool read_known(const json::value& data, MetadataChange& change) {
  if (change.key != kStartMuted && change.key != kPolicy) return true;
  auto flags = parse_flags(data);
  if (!flags) return false;
  if (change.key == kPolicy)
    change.switches = std::move(*flags);
  else
    change.start_muted = {.audio = (*flags)["audio"], .video = (*flags)["video"]};
  return true;
}

Right right_to(std::string_view key) { return key == kPolicy ? Right::change_policy : Right::mute_others; }

json::object written(const rights::Policy& policy) {
  json::object switches;
  for (std::size_t i = 0; i < rights::kSwitchNames.size(); ++i)
    switches[rights::kSwitchNames.at(i)] = policy.allows(static_cast<rights::Switch>(i));
  return switches;
}

}  // namespace

std::optional<MetadataChange> parse_metadata_change(std::string_view text) {
  constexpr std::size_t kEnvelope = 256;
  const auto object = parse_json_object(text, RoomMetadata::kLongestData + kEnvelope);
  if (!object) return std::nullopt;
  MetadataChange change{.key = std::string(text_member(*object, "key"))};
  if (!is_key(change.key)) return std::nullopt;
  const json::value* const data = object->if_contains("data");
  if (!data || data->is_null()) return change;
  change.data = Personal<std::string>(json::serialize(*data));
  if (change.data.expose().size() > RoomMetadata::kLongestData || !read_known(*data, change))
    return std::nullopt;
  return change;
}

Answer RoomMetadata::on_command(const Person& from, std::string_view text) {
  const auto change = parse_metadata_change(text);
  if (!change) return refuse(ErrorCondition::bad_request);
  if (std::ranges::find(kOfTheServer, change->key) != kOfTheServer.end())
    return refuse(ErrorCondition::not_allowed);
  if (!rights::grants(from.role, right_to(change->key))) return refuse(ErrorCondition::forbidden);
  return put(from, *change);
}

Answer RoomMetadata::put(const Person& from, const MetadataChange& change) {
  if (change.key == kStartMuted) {
    wished_muted_ = change.start_muted;
    port_.on_start_muted(start_muted());
  } else if (change.key == kPolicy) {
    if (auto answer = port_.change_policy(from, change.switches); !answer) return answer;
  } else if (change.data.expose().empty()) {
    if (values_.erase(change.key) == 0) return done();
  } else {
    if (!values_.contains(change.key) && values_.size() >= kMostKeys)
      return refuse(ErrorCondition::resource_constraint);
    values_[change.key] = change.data;
  }
  port_.on_metadata(*this);
  return done();
}

void RoomMetadata::on_moderated(xmpp::Mute::What what, bool enabled) {
  const room::PerKind before = start_muted();
  moderated_.of(what) = enabled;
  if (start_muted() == before) return;
  port_.on_start_muted(start_muted());
  port_.on_metadata(*this);
}

room::PerKind RoomMetadata::start_muted() const {
  return {.audio = wished_muted_.audio || moderated_.audio, .video = wished_muted_.video || moderated_.video};
}

Personal<std::string> RoomMetadata::text() const {
  const room::PerKind muted = start_muted();
  const json::object start{
      {"audio", muted.audio},
      {"video", muted.video}
  };
  std::string text =
      "{\"policy\":" + json::serialize(written(port_.policy())) + ",\"startMuted\":" + json::serialize(start);
  for (const auto& [key, value] : values_) text += ",\"" + key + "\":" + value.expose();
  return Personal<std::string>(text + "}");
}

}  // namespace cloister::focus::services
