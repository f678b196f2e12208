#include "videobridge/conference/channel/message_fields.h"

#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cctype>
#include <cmath>
#include <limits>

namespace cloister::videobridge::conference {
namespace {

namespace json = boost::json;
using bandwidth::ConstraintsByName;
using bandwidth::VideoConstraints;

// Deep enough for any message of a client, shallow enough for the stack.
constexpr std::size_t kMaxDepth = 16;
// More sources than this nobody can name in earnest; the rest is passed over.
constexpr std::size_t kMaxNames = 1000;

std::optional<double> as_number(const json::value& value) {
  if (!value.is_number()) return std::nullopt;
  return value.to_number<double>();
}

template <class T>
std::optional<T> as_integer(const json::value& value) {
  const std::optional<double> number = as_number(value);
  if (!number || !std::isfinite(*number)) return std::nullopt;
  // int's range, or for wider types that of a double's whole numbers.
  constexpr double kMost = sizeof(T) > 4 ? 9007199254740991.0 : std::numeric_limits<int>::max();
  return static_cast<T>(std::clamp(std::trunc(*number), -kMost, kMost));
}

// False when there is such a field and it is no number.
template <class T>
bool read_integer(const json::object& object, std::string_view key, std::optional<T>& into) {
  const json::value* value = find_field(object, key);
  if (!value) return true;
  into = as_integer<T>(*value);
  return into.has_value();
}

// §7.2: −1 unlimited, 0 none, >0 a limit; every other negative height spoils the message. Without a height:
// unlimited by frame rate alone.
std::optional<VideoConstraints> read_constraints(const json::value& value) {
  if (!value.is_object()) return std::nullopt;
  VideoConstraints out{.max_height = bandwidth::kUnlimited};
  if (const json::value* height = find_field(value.get_object(), "maxHeight")) {
    const std::optional<int> number = as_integer<int>(*height);
    if (!number || *number < bandwidth::kUnlimited) return std::nullopt;
    out.max_height = *number;
  }
  if (const json::value* rate = find_field(value.get_object(), "maxFrameRate")) {
    const std::optional<double> number = as_number(*rate);
    if (!number) return std::nullopt;
    out.max_frame_rate = *number;
  }
  return out;
}

struct VideoTypeName {
  std::string_view text;
  VideoType type;
};
constexpr std::array kVideoTypes{
    VideoTypeName{"camera",           VideoType::camera          },
    VideoTypeName{"desktop",          VideoType::desktop         },
    VideoTypeName{"desktop_high_fps", VideoType::desktop_high_fps},
    VideoTypeName{"none",             VideoType::none            },
    VideoTypeName{"disabled",         VideoType::none            },
};

}  // namespace

Result<json::object, MessageError> read_object(std::string_view text) {
  if (text.size() > kMaxMessageBytes) return fail(MessageError::too_long);
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return fail(MessageError::not_json);
  if (!value.is_object()) return fail(MessageError::not_an_object);
  if (!find_text(value.get_object(), "colibriClass")) return fail(MessageError::no_class);
  return std::move(value.get_object());
}

const json::value* find_field(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && !value->is_null() ? value : nullptr;
}

std::optional<std::string_view> find_text(const json::object& object, std::string_view key) {
  const json::value* value = find_field(object, key);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

std::optional<VideoType> find_video_type(const json::object& object) {
  const auto text = find_text(object, "videoType");
  if (!text) return std::nullopt;
  const auto same_letter = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  for (const VideoTypeName& name : kVideoTypes) {
    if (std::ranges::equal(*text, name.text, same_letter)) return name.type;
  }
  return std::nullopt;
}

void Fields::integer(std::string_view key, std::optional<int>& into) {
  ok_ = read_integer(object_, key, into) && ok_;
}

void Fields::integer(std::string_view key, std::optional<std::int64_t>& into) {
  ok_ = read_integer(object_, key, into) && ok_;
}

void Fields::flag(std::string_view key, bool& into) {
  if (const json::value* value = find_field(object_, key)) {
    ok_ = ok_ && value->is_bool();
    if (value->is_bool()) into = value->get_bool();
  }
}

void Fields::names(std::string_view key, std::optional<std::vector<SourceName>>& into) {
  const json::value* value = find_field(object_, key);
  if (!value) return;
  if (!value->is_array()) {
    ok_ = false;
    return;
  }
  into.emplace();
  for (const json::value& name : value->get_array()) {
    if (name.is_string() && into->size() < kMaxNames) into->emplace_back(std::string(name.get_string()));
  }
}

void Fields::constraints(std::string_view key, std::optional<VideoConstraints>& into) {
  if (const json::value* value = find_field(object_, key)) {
    into = read_constraints(*value);
    ok_ = ok_ && into.has_value();
  }
}

void Fields::constraints_by_name(std::string_view key, std::optional<ConstraintsByName>& into) {
  const json::value* value = find_field(object_, key);
  if (!value) return;
  if (!value->is_object()) {
    ok_ = false;
    return;
  }
  into.emplace();
  for (const auto& [name, entry] : value->get_object()) {
    if (entry.is_null() || into->size() >= kMaxNames) continue;
    const std::optional<VideoConstraints> read = read_constraints(entry);
    ok_ = ok_ && read.has_value();
    if (read) into->insert_or_assign(SourceName(std::string(name)), *read);
  }
}

}  // namespace cloister::videobridge::conference
