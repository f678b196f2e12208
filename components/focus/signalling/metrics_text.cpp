#include "focus/signalling/metrics_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <numeric>

namespace cloister::focus::signalling {
namespace {

namespace json = boost::json;

constexpr std::size_t kMostInHistogram = 22;  // the last place counts larger conferences, too

std::size_t largest(const std::vector<std::size_t>& sizes) {
  return sizes.empty() ? 0 : *std::ranges::max_element(sizes);
}

std::size_t pairs(const std::vector<std::size_t>& sizes) {
  return std::accumulate(sizes.begin(), sizes.end(), std::size_t{0},
                         [](std::size_t sum, std::size_t size) { return sum + size * (size - (size > 0)); });
}

json::array histogram(const std::vector<std::size_t>& sizes) {
  std::array<std::uint64_t, kMostInHistogram> counts{};
  for (const std::size_t size : sizes) ++counts[std::min(size, counts.size() - 1)];
  json::array out;
  for (const std::uint64_t count : counts) out.emplace_back(count);
  return out;
}

}  // namespace

std::string metrics_text(const Figures& figures) {
  const auto& [counters, bridges, sizes, healthy] = figures;
  std::string text;
  const auto write = [&text](const char* name, const char* kind, auto value) {
    fmt::format_to(std::back_inserter(text), "# TYPE jitsi_jicofo_{0} {1}\njitsi_jicofo_{0} {2}\n", name,
                   kind, value);
  };
  const auto total = [&write](const char* name, const Counter& value) {
    write(name, "counter", value.value());
  };
  total("conference_requests", counters.conference_requests);
  total("conferences_created", counters.conferences_created);
  write("conferences", "gauge", counters.conferences.value());
  total("participants", counters.participants);
  write("participants_current", "gauge", counters.participants_current.value());
  write("largest_conference", "gauge", largest(sizes));
  write("participants_pairs", "gauge", pairs(sizes));
  total("participants_invited", counters.invitations);
  total("participants_accepted", counters.accepted);
  total("participants_moved", counters.participants_moved);
  total("participants_ice_failed", counters.ice_failed);
  total("participants_restart_requested", counters.restarts_requested);
  total("participants_ice_restarts", counters.ice_restarts);
  total("bridges_removed", counters.bridges_removed);
  total("bridge_selection_failed", counters.no_bridge);
  write("bridge_selector_bridge_count", "gauge", bridges.size());
  write("bridge_selector_bridge_count_operational", "gauge", bridges.operational());
  write("bridge_selector_bridge_count_in_shutdown", "gauge", bridges.in_shutdown());
  write("bridge_selector_lost_bridges", "counter", bridges.lost());
  write("bridge_selector_bridge_version_count", "gauge", bridges.versions());
  total("jingle_sent", counters.jingle_sent);
  total("jingle_received", counters.jingle_received);
  total("jingle_refused", counters.jingle_refused);
  total("mutes", counters.mutes);
  total("mutes_refused", counters.mutes_refused);
  total("xmpp_disconnects", counters.xmpp_disconnects);
  write("healthy", "gauge", healthy ? 1 : 0);
  return text;
}

std::string stats_json(const Figures& figures) {
  const auto& [counters, bridges, sizes, healthy] = figures;
  const json::object stats{
      {"version",                   CLOISTER_VERSION                     },
      {"healthy",                   healthy                              },
      {"threads",                   1                                    },
      {"conferences",               counters.conferences.value()         },
      {"participants",              counters.participants_current.value()},
      {"largest_conference",        largest(sizes)                       },
      {"conference_sizes",          histogram(sizes)                     },
      {"endpoint_pairs",            pairs(sizes)                         },
      {"total_conferences_created", counters.conferences_created.value() },
      {"total_participants",        counters.participants.value()        },
      {"bridge_failures",
       {{"participants_moved", counters.participants_moved.value()},
        {"bridges_removed", counters.bridges_removed.value()}}           },
      {"participant_notifications",
       {{"ice_failed", counters.ice_failed.value()},
        {"request_restart", counters.restarts_requested.value()}}        },
      {"bridge_selector",
       {{"bridge_count", bridges.size()},
        {"operational_bridge_count", bridges.operational()},
        {"in_shutdown_bridge_count", bridges.in_shutdown()},
        {"lost_bridges", bridges.lost()},
        {"bridge_version_count", bridges.versions()}}                    },
      {"jingle",
       {{"sent", counters.jingle_sent.value()},
        {"received", counters.jingle_received.value()},
        {"refused", counters.jingle_refused.value()}}                    }
  };
  return json::serialize(stats);
}

}  // namespace cloister::focus::signalling
