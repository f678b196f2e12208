#include "xmpp/xml/json_sources.h"

#include <boost/json.hpp>

namespace cloister::xmpp::xml {

namespace json = boost::json;

namespace {

json::array write_sources(const std::vector<Source>& sources) {
  json::array out;
  for (const Source& source : sources) {
    json::object object{
        {"s", raw(source.ssrc)    },
        {"n", source.name.expose()}
    };
    if (!source.msid.empty()) object["m"] = source.msid;
    if (source.video_type == VideoType::desktop) object["v"] = "d";
    out.emplace_back(std::move(object));
  }
  return out;
}

json::array write_groups(const std::vector<SourceGroup>& groups) {
  json::array out;
  for (const SourceGroup& group : groups) {
    if (group.semantics != "FID" && group.semantics != "SIM") continue;
    json::array array{group.semantics == "FID" ? "f" : "s"};
    for (const Ssrc ssrc : group.ssrcs) array.emplace_back(raw(ssrc));
    out.emplace_back(std::move(array));
  }
  return out;
}

std::optional<Ssrc> parse_ssrc(const json::value& value) {
  boost::system::error_code error;
  const auto number = value.to_number<std::uint32_t>(error);
  return error ? std::nullopt : std::optional(Ssrc(number));
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string();
}

// The array at `index`; null when it is not there.
const json::array* array_at(const json::array& all, std::size_t index) {
  return index < all.size() ? all[index].if_array() : nullptr;
}

std::vector<Source> parse_sources(const json::array* array) {
  std::vector<Source> sources;
  if (!array) return sources;
  for (const json::value& value : *array) {
    const json::object* object = value.if_object();
    const json::value* number = object ? object->if_contains("s") : nullptr;
    const auto ssrc = number ? parse_ssrc(*number) : std::nullopt;
    if (!ssrc) continue;
    sources.push_back({.ssrc = *ssrc,
                       .name = SourceName(text_of(*object, "n")),
                       .msid = text_of(*object, "m"),
                       .video_type = text_of(*object, "v") == "d" ? VideoType::desktop : VideoType::camera});
  }
  return sources;
}

std::vector<SourceGroup> parse_groups(const json::array* array) {
  std::vector<SourceGroup> groups;
  if (!array) return groups;
  for (const json::value& value : *array) {
    const json::array* members = value.if_array();
    if (!members || members->empty() || !members->front().is_string()) continue;
    const json::string& letter = members->front().get_string();
    if (letter != "f" && letter != "s") continue;
    SourceGroup group{.semantics = letter == "f" ? "FID" : "SIM"};
    for (const json::value& member : *members) {
      if (const auto ssrc = parse_ssrc(member); ssrc) group.ssrcs.push_back(*ssrc);
    }
    groups.push_back(std::move(group));
  }
  return groups;
}

}  // namespace

std::string write_json_sources(const JsonSources& sources) {
  json::object owners;
  for (const auto& [owner, owned] : sources) {
    json::array all{write_sources(owned.video), write_groups(owned.video_groups), write_sources(owned.audio)};
    if (!owned.audio_groups.empty()) all.emplace_back(write_groups(owned.audio_groups));
    owners[owner] = std::move(all);
  }
  return json::serialize(json::object{
      {"sources", std::move(owners)}
  });
}

std::optional<JsonSources> parse_json_sources(std::string_view text) {
  boost::system::error_code error;
  const json::value root = json::parse(text, error);
  const json::object* object = error ? nullptr : root.if_object();
  const json::value* sources = object ? object->if_contains("sources") : nullptr;
  const json::object* owners = sources ? sources->if_object() : nullptr;
  if (!owners) return std::nullopt;
  JsonSources result;
  for (const auto& [owner, value] : *owners) {
    const json::array* all = value.if_array();
    if (!all) return std::nullopt;
    result[std::string(owner)] = {.video = parse_sources(array_at(*all, 0)),
                                  .video_groups = parse_groups(array_at(*all, 1)),
                                  .audio = parse_sources(array_at(*all, 2)),
                                  .audio_groups = parse_groups(array_at(*all, 3))};
  }
  return result;
}

}  // namespace cloister::xmpp::xml
