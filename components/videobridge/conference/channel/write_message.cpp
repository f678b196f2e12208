#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "videobridge/conference/channel/channel_message.h"

namespace cloister::videobridge::conference {
namespace {

namespace json = boost::json;

// Upper case, as the clients have always got it.
std::string_view wire_name(VideoType type) {
  switch (type) {
    case VideoType::camera: return "CAMERA";
    case VideoType::desktop: return "DESKTOP";
    case VideoType::desktop_high_fps: return "DESKTOP_HIGH_FPS";
    case VideoType::none: break;
  }
  return "NONE";
}

json::array write_names(std::span<const SourceName> names) {
  json::array out;
  out.reserve(names.size());
  for (const SourceName& name : names) out.emplace_back(name.expose());
  return out;
}

}  // namespace

std::string write_server_hello() {
  return json::serialize(json::object{
      {"colibriClass", "ServerHello"}
  });
}

std::string write_endpoint_message(json::object fields, const EndpointId& from) {
  fields["from"] = from.expose();
  return json::serialize(fields);
}

std::string write_sender_source_constraints(const SourceName& source, int max_height) {
  return json::serialize(json::object{
      {"colibriClass", "SenderSourceConstraints"},
      {"sourceName",   source.expose()          },
      {"maxHeight",    max_height               }
  });
}

std::string write_forwarded_sources(std::span<const SourceName> sources) {
  return json::serialize(json::object{
      {"colibriClass",     "ForwardedSources"  },
      {"forwardedSources", write_names(sources)}
  });
}

std::string write_dominant_speaker(const EndpointId& speaker, std::span<const EndpointId* const> previous) {
  json::array before;
  for (const EndpointId* id : previous) before.emplace_back(id->expose());
  return json::serialize(json::object{
      {"colibriClass",            "DominantSpeakerEndpointChangeEvent"},
      {"dominantSpeakerEndpoint", speaker.expose()                    },
      {"previousSpeakers",        std::move(before)                   },
      {"silence",                 false                               }
  });
}

std::string write_connectivity_status(const EndpointId& endpoint, bool active) {
  // `active` is a string: clients compare it with "true".
  return json::serialize(json::object{
      {"colibriClass", "EndpointConnectivityStatusChangeEvent"},
      {"endpoint",     endpoint.expose()                      },
      {"active",       active ? "true" : "false"              }
  });
}

std::string write_connection_stats(std::int64_t estimated_downlink_bps) {
  return json::serialize(json::object{
      {"colibriClass",               "ConnectionStats"     },
      {"estimatedDownlinkBandwidth", estimated_downlink_bps}
  });
}

std::string write_sources_map(MediaKind kind, std::span<const MappedSource> mapped) {
  json::array sources;
  sources.reserve(mapped.size());
  for (const MappedSource& entry : mapped) {
    json::object out{
        {"source", entry.source.expose()},
        {"owner",  entry.owner.expose() },
        {"ssrc",   raw(entry.ssrc)      }
    };
    if (kind == MediaKind::video) {
      out["rtx"] = raw(entry.rtx);
      out["videoType"] = wire_name(entry.video_type);
    }
    if (!entry.mid.empty()) out["mid"] = entry.mid;
    sources.push_back(std::move(out));
  }
  const char* colibri_class = kind == MediaKind::video ? "VideoSourcesMap" : "AudioSourcesMap";
  return json::serialize(json::object{
      {"colibriClass",  colibri_class     },
      {"mappedSources", std::move(sources)}
  });
}

}  // namespace cloister::videobridge::conference
