#include "videobridge/conference/channel/relay_message.h"

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>

#include "videobridge/conference/channel/message_fields.h"

namespace cloister::videobridge::conference {
namespace {

namespace json = boost::json;
using Parsed = Result<RelayMessage, MessageError>;

Parsed read_hello(json::object&) { return RelayHello{}; }

Parsed read_add_receiver(json::object& object) {
  Fields fields(object);
  std::optional<bandwidth::VideoConstraints> constraints;
  fields.constraints("videoConstraints", constraints);
  const auto source = find_text(object, "sourceName");
  if (!source || !fields.ok() || !constraints) return fail(MessageError::bad_field);
  return AddReceiver{SourceName(std::string(*source)), *constraints};
}

Parsed read_remove_receiver(json::object& object) {
  const auto endpoint = find_text(object, "endpointId");
  if (!endpoint) return fail(MessageError::bad_field);
  return RemoveReceiver{EndpointId(std::string(*endpoint))};
}

Parsed read_video_type(json::object& object) {
  const auto owner = find_text(object, "endpointId");
  const auto source = find_text(object, "sourceName");
  const auto type = find_video_type(object);
  if (!owner || !source || !type) return fail(MessageError::bad_field);
  return RelayedVideoType{
      EndpointId(std::string(*owner)), {SourceName(std::string(*source)), *type}
  };
}

// `active` is text, as clients get it; a plain truth value is understood, too.
Parsed read_status(json::object& object) {
  const auto endpoint = find_text(object, "endpoint");
  const json::value* active = find_field(object, "active");
  if (!endpoint || !active || !(active->is_bool() || active->is_string()))
    return fail(MessageError::bad_field);
  return ConnectivityStatus{EndpointId(std::string(*endpoint)),
                            active->is_bool() ? active->get_bool() : active->get_string() == "true"};
}

// Who is not told is nobody: a bridge says for whom it speaks.
Parsed read_message(json::object& object) {
  const auto from = find_text(object, "from");
  const auto to = find_text(object, "to");
  if (!from || !to) return fail(MessageError::bad_field);
  EndpointId sender{std::string(*from)};
  EndpointId receiver{std::string(*to)};
  return RelayedMessage{
      std::move(sender), {std::move(receiver), std::move(object)}
  };
}

Parsed read_stats(json::object& object) {
  const auto from = find_text(object, "from");
  if (!from) return fail(MessageError::bad_field);
  EndpointId sender{std::string(*from)};
  return RelayedStats{std::move(sender), {std::move(object)}};
}

struct Reader {
  std::string_view colibri_class;
  Parsed (*read)(json::object&);
};
constexpr std::array kReaders{
    Reader{"ServerHello",                           read_hello          },
    Reader{"ClientHello",                           read_hello          },
    Reader{"AddReceiver",                           read_add_receiver   },
    Reader{"RemoveReceiver",                        read_remove_receiver},
    Reader{"SourceVideoTypeMessage",                read_video_type     },
    Reader{"EndpointConnectivityStatusChangeEvent", read_status         },
    Reader{"EndpointMessage",                       read_message        },
    Reader{"EndpointStats",                         read_stats          },
};

// As clients write it.
std::string_view wire_name(VideoType type) {
  switch (type) {
    case VideoType::camera: return "camera";
    case VideoType::desktop: return "desktop";
    case VideoType::desktop_high_fps: return "desktop_high_fps";
    case VideoType::none: break;
  }
  return "none";
}

}  // namespace

Result<RelayMessage, MessageError> parse_relay_message(std::string_view text) {
  auto object = read_object(text);
  if (!object) return fail(object.error());
  const auto reader =
      std::ranges::find(kReaders, *find_text(*object, "colibriClass"), &Reader::colibri_class);
  return reader == kReaders.end() ? fail(MessageError::unknown_class) : reader->read(*object);
}

std::string write_add_receiver(std::string_view bridge, const SourceName& source, int max_height) {
  return json::serialize(json::object{
      {"colibriClass",     "AddReceiver"                                      },
      {"bridgeId",         bridge                                             },
      {"sourceName",       source.expose()                                    },
      {"videoConstraints", {{"maxHeight", max_height}, {"maxFrameRate", -1.0}}}
  });
}

std::string write_source_video_type(const EndpointId& owner, const SourceName& source, VideoType type) {
  return json::serialize(json::object{
      {"colibriClass", "SourceVideoTypeMessage"},
      {"videoType",    wire_name(type)         },
      {"sourceName",   source.expose()         },
      {"endpointId",   owner.expose()          }
  });
}

}  // namespace cloister::videobridge::conference
