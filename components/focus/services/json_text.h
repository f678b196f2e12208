// JSON from outside: parsed with bounds, so that what is nested or long beyond reason is refused before it
// costs anything.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <string_view>

namespace cloister::focus::services {

// Nothing when it is not JSON, not an object, longer than `longest` bytes, or nested deeper than eight
// levels.
inline std::optional<boost::json::object> parse_json_object(std::string_view text, std::size_t longest) {
  if (text.size() > longest) return std::nullopt;
  boost::system::error_code error;
  boost::json::parse_options options;
  options.max_depth = 8;
  boost::json::value value = boost::json::parse(text, error, {}, options);
  if (error || !value.is_object()) return std::nullopt;
  return std::move(value.get_object());
}

// A member that is a string; empty otherwise.
inline std::string_view text_member(const boost::json::object& object, std::string_view key) {
  const boost::json::value* const value = object.if_contains(key);
  return value && value->is_string() ? std::string_view(value->get_string()) : std::string_view();
}

}  // namespace cloister::focus::services
