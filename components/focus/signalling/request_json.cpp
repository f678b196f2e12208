#include "focus/signalling/request_json.h"

#include <boost/json.hpp>

namespace cloister::focus::signalling {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxProperties = 64;

std::string text_of(const json::object& object, const char* key) {
  const json::value* const value = object.if_contains(key);
  return value && value->is_string() ? std::string(value->get_string()) : std::string{};
}

// Properties arrive as whatever their name suggests.
std::optional<std::string> property(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool() || value.is_number()) return json::serialize(value);
  return std::nullopt;
}

}  // namespace

Result<xmpp::ConferenceRequest, RequestJsonError> parse_request_json(std::string_view text) {
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = 8;
  const json::value parsed = json::parse(text, error, {}, options);
  if (error) return fail(RequestJsonError::not_json);
  const json::object* const object = parsed.if_object();
  if (!object) return fail(RequestJsonError::not_an_object);
  xmpp::ConferenceRequest request;
  if (auto room = xmpp::Jid::parse(text_of(*object, "room")); room && room->is_bare()) request.room = room;
  request.machine_uid = Personal<std::string>(text_of(*object, "machineUid"));
  request.session_id = Personal<std::string>(text_of(*object, "sessionId"));
  const json::value* const properties = object->if_contains("properties");
  if (!properties || !properties->is_object()) return request;
  for (const auto& [name, value] : properties->get_object()) {
    if (request.properties.size() >= kMaxProperties) break;
    if (auto said = property(value)) request.properties.emplace(std::string(name), std::move(*said));
  }
  return request;
}

std::string write_answer_json(const xmpp::ConferenceAnswer& answer) {
  json::object out{
      {"room",     answer.room.text_for_wire()     },
      {"ready",    answer.ready                    },
      {"focusJid", answer.focus_jid.text_for_wire()}
  };
  const auto add = [&out](const char* key, const std::string& value) {
    if (!value.empty()) out[key] = value;
  };
  add("sessionId", answer.session_id.expose());
  add("identity", answer.identity.expose());
  add("vnode", answer.vnode);
  json::object& properties = out["properties"].emplace_object();
  for (const auto& [name, value] : answer.properties) properties[name] = value;
  return json::serialize(out);
}

}  // namespace cloister::focus::signalling
