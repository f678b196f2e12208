#include <algorithm>
#include <array>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <cctype>
#include <cmath>
#include <limits>

#include "videobridge/conference/channel/channel_message.h"

namespace cloister::videobridge::conference {
namespace {

namespace json = boost::json;
using bandwidth::ConstraintsByName;
using bandwidth::VideoConstraints;

// Deep enough for any message of a client, shallow enough for the stack.
constexpr std::size_t kMaxDepth = 16;
// More sources than this nobody can name in earnest; the rest is passed over.
constexpr std::size_t kMaxNames = 1000;

// A field that is there and not null.
const json::value* find(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value && !value->is_null() ? value : nullptr;
}

std::optional<double> as_number(const json::value& value) {
  if (!value.is_number()) return std::nullopt;
  return value.to_number<double>();
}

// Numbers with a fraction are cut, those out of range limited: a client that sends 360.0 means 360.
template <class T>
std::optional<T> as_integer(const json::value& value) {
  const std::optional<double> number = as_number(value);
  if (!number || !std::isfinite(*number)) return std::nullopt;
  // int's range, or for wider types that of a double's whole numbers.
  constexpr double kMost = sizeof(T) > 4 ? 9007199254740991.0 : std::numeric_limits<int>::max();
  return static_cast<T>(std::clamp(std::trunc(*number), -kMost, kMost));
}

std::optional<std::string_view> find_text(const json::object& object, std::string_view key) {
  const json::value* value = find(object, key);
  if (!value || !value->is_string()) return std::nullopt;
  return std::string_view(value->get_string());
}

// Reads the fields of one message; the first one of the wrong kind spoils it.
class Fields {
public:
  explicit Fields(const json::object& object) : object_(object) {}
  bool ok() const { return ok_; }

  template <class T>
  void integer(std::string_view key, std::optional<T>& into) {
    if (const json::value* value = find(object_, key)) {
      into = as_integer<T>(*value);
      ok_ = ok_ && into.has_value();
    }
  }
  void flag(std::string_view key, bool& into) {
    if (const json::value* value = find(object_, key)) {
      ok_ = ok_ && value->is_bool();
      if (value->is_bool()) into = value->get_bool();
    }
  }
  void names(std::string_view key, std::optional<std::vector<SourceName>>& into) {
    const json::value* value = find(object_, key);
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
  void constraints(std::string_view key, std::optional<VideoConstraints>& into) {
    if (const json::value* value = find(object_, key)) {
      into = read_constraints(*value);
      ok_ = ok_ && into.has_value();
    }
  }
  void constraints_by_name(std::string_view key, std::optional<ConstraintsByName>& into) {
    const json::value* value = find(object_, key);
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

private:
  // §7.2: −1 unlimited, 0 none, >0 a limit; every other negative height spoils the message. Without a height:
  // unlimited by frame rate alone.
  static std::optional<VideoConstraints> read_constraints(const json::value& value) {
    if (!value.is_object()) return std::nullopt;
    VideoConstraints out{.max_height = bandwidth::kUnlimited};
    if (const json::value* height = find(value.get_object(), "maxHeight")) {
      const std::optional<int> number = as_integer<int>(*height);
      if (!number || *number < bandwidth::kUnlimited) return std::nullopt;
      out.max_height = *number;
    }
    if (const json::value* rate = find(value.get_object(), "maxFrameRate")) {
      const std::optional<double> number = as_number(*rate);
      if (!number) return std::nullopt;
      out.max_frame_rate = *number;
    }
    return out;
  }

  const json::object& object_;
  bool ok_ = true;
};

using Parsed = Result<ClientMessage, MessageError>;

Parsed read_client_hello(json::object&) { return ClientHello{}; }

Parsed read_receiver_video_constraints(json::object& object) {
  Fields fields(object);
  ReceiverVideoConstraints out;
  fields.integer("lastN", out.last_n);
  fields.names("selectedSources", out.selected_sources);
  fields.names("onStageSources", out.on_stage_sources);
  fields.constraints("defaultConstraints", out.default_constraints);
  fields.constraints_by_name("constraints", out.constraints);
  fields.integer("assumedBandwidthBps", out.assumed_bandwidth);
  if (!fields.ok()) return fail(MessageError::bad_field);
  return out;
}

Parsed read_last_n(json::object& object) {
  Fields fields(object);
  std::optional<int> last_n;
  fields.integer("lastN", last_n);
  if (!fields.ok() || !last_n) return fail(MessageError::bad_field);
  return LastNChangedEvent{*last_n};
}

// The older form: one list, and what it means.
Parsed read_audio_mode(std::string_view mode, std::vector<SourceName> list) {
  if (mode == "All") return ReceiverAudioSubscription{.all = true, .include = {}, .exclude = {}};
  if (mode == "None") return ReceiverAudioSubscription{.all = false, .include = {}, .exclude = {}};
  if (mode == "Include")
    return ReceiverAudioSubscription{.all = false, .include = std::move(list), .exclude = {}};
  if (mode == "Exclude")
    return ReceiverAudioSubscription{.all = true, .include = {}, .exclude = std::move(list)};
  return fail(MessageError::bad_field);
}

Parsed read_audio_subscription(json::object& object) {
  Fields fields(object);
  bool all = false;
  std::optional<std::vector<SourceName>> include;
  std::optional<std::vector<SourceName>> exclude;
  std::optional<std::vector<SourceName>> list;
  fields.flag("all", all);
  fields.names("include", include);
  fields.names("exclude", exclude);
  fields.names("list", list);
  if (!fields.ok()) return fail(MessageError::bad_field);
  if (const auto mode = find_text(object, "mode")) {
    return read_audio_mode(*mode, std::move(list).value_or(std::vector<SourceName>()));
  }
  return ReceiverAudioSubscription{.all = all,
                                   .include = std::move(include).value_or(std::vector<SourceName>()),
                                   .exclude = std::move(exclude).value_or(std::vector<SourceName>())};
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

std::optional<VideoType> find_video_type(const json::object& object) {
  const auto text = find_text(object, "videoType");
  if (!text) return std::nullopt;
  const auto same_letter = [](char a, char b) { return std::tolower(static_cast<unsigned char>(a)) == b; };
  for (const VideoTypeName& name : kVideoTypes) {
    if (std::ranges::equal(*text, name.text, same_letter)) return name.type;
  }
  return std::nullopt;
}

Parsed read_source_video_type(json::object& object) {
  const auto source = find_text(object, "sourceName");
  const auto type = find_video_type(object);
  if (!source || !type) return fail(MessageError::bad_field);
  return SourceVideoTypeMessage{SourceName(std::string(*source)), *type};
}

Parsed read_video_type(json::object& object) {
  const auto type = find_video_type(object);
  if (!type) return fail(MessageError::bad_field);
  return VideoTypeMessage{*type};
}

// Without an explicit `to` it is refused: what was meant for one must not reach all.
Parsed read_endpoint_message(json::object& object) {
  const auto to = find_text(object, "to");
  if (!to) return fail(MessageError::bad_field);
  EndpointId receiver{std::string(*to)};
  return EndpointMessage{std::move(receiver), std::move(object)};
}

Parsed read_endpoint_stats(json::object& object) { return EndpointStats{std::move(object)}; }

struct Reader {
  std::string_view colibri_class;
  Parsed (*read)(json::object&);
};
constexpr std::array kReaders{
    Reader{"ClientHello",               read_client_hello              },
    Reader{"ReceiverVideoConstraints",  read_receiver_video_constraints},
    Reader{"LastNChangedEvent",         read_last_n                    },
    Reader{"ReceiverAudioSubscription", read_audio_subscription        },
    Reader{"SourceVideoTypeMessage",    read_source_video_type         },
    Reader{"VideoTypeMessage",          read_video_type                },
    Reader{"EndpointMessage",           read_endpoint_message          },
    Reader{"EndpointStats",             read_endpoint_stats            },
};

}  // namespace

bool ReceiverAudioSubscription::wants(const SourceName& source) const {
  const auto holds = [&](const std::vector<SourceName>& names) {
    return std::ranges::find(names, source) != names.end();
  };
  if (holds(exclude)) return false;
  return all || holds(include);
}

Result<ClientMessage, MessageError> parse_message(std::string_view text) {
  if (text.size() > kMaxMessageBytes) return fail(MessageError::too_long);
  boost::system::error_code error;
  json::parse_options options;
  options.max_depth = kMaxDepth;
  json::value value = json::parse({text.data(), text.size()}, error, {}, options);
  if (error) return fail(MessageError::not_json);
  if (!value.is_object()) return fail(MessageError::not_an_object);
  json::object& object = value.get_object();
  const auto colibri_class = find_text(object, "colibriClass");
  if (!colibri_class) return fail(MessageError::no_class);
  const auto reader = std::ranges::find(kReaders, *colibri_class, &Reader::colibri_class);
  return reader == kReaders.end() ? fail(MessageError::unknown_class) : reader->read(object);
}

}  // namespace cloister::videobridge::conference
