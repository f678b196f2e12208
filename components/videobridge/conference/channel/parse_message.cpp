#include <algorithm>
#include <array>

#include "videobridge/conference/channel/message_fields.h"

namespace cloister::videobridge::conference {
namespace {

namespace json = boost::json;
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
  auto object = read_object(text);
  if (!object) return fail(object.error());
  const auto reader =
      std::ranges::find(kReaders, *find_text(*object, "colibriClass"), &Reader::colibri_class);
  return reader == kReaders.end() ? fail(MessageError::unknown_class) : reader->read(*object);
}

}  // namespace cloister::videobridge::conference
