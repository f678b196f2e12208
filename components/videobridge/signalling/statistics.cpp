#include "videobridge/signalling/statistics.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "videobridge/signalling/stat_table.h"

namespace cloister::videobridge::signalling {
namespace {

using conference::Counters;
using conference::Headcount;

constexpr double kAverageParticipantStress =
    0.01;  // what a focus adds per fresh participant (bridge.md §1.2)

// "yyyy-MM-dd HH:mm:ss.SSS", UTC.
std::string timestamp(std::chrono::system_clock::time_point time) {
  const auto since = time.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  const auto milliseconds = std::chrono::floor<std::chrono::milliseconds>(since - seconds);
  return fmt::format("{:%Y-%m-%d %H:%M:%S}.{:03}", fmt::gmtime(static_cast<std::time_t>(seconds.count())),
                     milliseconds.count());
}

double fraction(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : std::min(static_cast<double>(part) / static_cast<double>(whole), 1.0);
}

}  // namespace

Statistics::Statistics(std::vector<const shard::ShardCounters*> shards) : shards_(std::move(shards)) {}

Statistics::Totals Statistics::totals() const {
  Totals out;
  for (const shard::ShardCounters* shard : shards_) {
    const Counters& c = shard->conference;
    out.bytes_in += c.bytes_received.value();
    out.bytes_out += c.bytes_sent.value();
    out.packets_in += c.packets_received.value();
    out.packets_out += c.packets_sent.value();
    out.expected_in += c.incoming_expected.value();
    out.lost_in += c.incoming_lost.value();
    out.reported_out += c.outgoing_reported.value();
    out.lost_out += c.outgoing_lost.value();
  }
  return out;
}

void Statistics::refresh(TimePoint now, std::chrono::system_clock::time_point time_of_day) {
  const Totals fresh = totals();
  if (refreshed_ && now > *refreshed_) {
    const double seconds = std::chrono::duration<double>(now - *refreshed_).count();
    const auto rate = [seconds](std::uint64_t current, std::uint64_t before) {
      return static_cast<double>(current - before) / seconds;
    };
    const std::uint64_t expected = fresh.expected_in - last_.expected_in;
    const std::uint64_t lost = fresh.lost_in - last_.lost_in;
    const std::uint64_t reported = fresh.reported_out - last_.reported_out;
    const std::uint64_t lost_out = fresh.lost_out - last_.lost_out;
    rates_ = {.bits_in = 8 * rate(fresh.bytes_in, last_.bytes_in),
              .bits_out = 8 * rate(fresh.bytes_out, last_.bytes_out),
              .packets_in = rate(fresh.packets_in, last_.packets_in),
              .packets_out = rate(fresh.packets_out, last_.packets_out),
              .loss_in = fraction(lost, expected),
              .loss_out = fraction(lost_out, reported),
              .loss = fraction(lost + lost_out, expected + reported)};
  }
  refreshed_ = now;
  last_ = fresh;
  time_of_day_ = timestamp(time_of_day);
}

std::int64_t Statistics::sum(std::int64_t (*of)(const Counters&)) const {
  std::int64_t out = 0;
  for (const shard::ShardCounters* shard : shards_) out += of(shard->conference);
  return out;
}

std::int64_t Statistics::participants() const {
  return sum([](const Counters& c) { return c.endpoints.value(); });
}

std::int64_t Statistics::conferences() const {
  return sum([](const Counters& c) { return c.conferences.value(); });
}

std::int64_t Statistics::largest_conference() const {
  std::int64_t largest = 0;
  for (const shard::ShardCounters* shard : shards_)
    largest = std::max(largest, shard->conference.largest_conference.value());
  return largest;
}

double Statistics::round_trip_ms() const {
  const auto of = [this](auto read) { return static_cast<double>(sum(read)); };
  const double known = of([](const Counters& c) {
    return c.headcounts[static_cast<std::size_t>(Headcount::round_trips)].value();
  });
  const double total = of([](const Counters& c) {
    return c.headcounts[static_cast<std::size_t>(Headcount::round_trip_milliseconds)].value();
  });
  return known > 0 ? total / known : 0;
}

std::map<std::string, std::int64_t> Statistics::numbers() const {
  std::map<std::string, std::int64_t> out;
  for (const Stat& stat : stat_table())
    if (!stat.key.empty()) out[std::string(stat.key)] = sum(stat.of);
  for (const std::string_view key : keys_without_meaning()) out[std::string(key)] = 0;
  const auto whole = [](double value) { return static_cast<std::int64_t>(value); };
  out["largest_conference"] = largest_conference();
  out["threads"] = static_cast<std::int64_t>(shards_.size() + 1);
  out["bit_rate_download"] = whole(rates_.bits_in / 1000);
  out["bit_rate_upload"] = whole(rates_.bits_out / 1000);
  out["packet_rate_download"] = whole(rates_.packets_in);
  out["packet_rate_upload"] = whole(rates_.packets_out);
  out["muc_clients_configured"] = 1;
  out["mucs_configured"] = 1;
  return out;
}

std::map<std::string, double> Statistics::fractions(const BridgeState& state) const {
  return {
      {"stress_level",               state.stress             },
      {"average_participant_stress", kAverageParticipantStress},
      {"incoming_loss",              rates_.loss_in           },
      {"outgoing_loss",              rates_.loss_out          },
      {"overall_loss",               rates_.loss              },
      {"rtt_aggregate",              round_trip_ms()          },
  };
}

std::map<std::string, bool> Statistics::flags(const BridgeState& state) const {
  return {
      {"drain",             state.drain                        },
      {"graceful_shutdown", state.phase != Phase::running      },
      {"shutting_down",     state.phase >= Phase::shutting_down},
      {"healthy",           state.healthy                      },
  };
}

std::map<std::string, std::string> Statistics::texts(const BridgeState& state) const {
  std::map<std::string, std::string> out{
      {"version",           CLOISTER_VERSION},
      {"current_timestamp", time_of_day_    }
  };
  if (!state.region.empty()) out["region"] = state.region;
  if (!state.relay_id.empty()) out["relay_id"] = state.relay_id;
  return out;
}

std::map<std::string, std::string> Statistics::presence(const BridgeState& state) const {
  std::map<std::string, std::string> out = texts(state);
  for (const auto& [key, value] : numbers()) out[key] = std::to_string(value);
  // fmt knows of no locale: a point it is.
  for (const auto& [key, value] : fractions(state)) out[key] = fmt::format("{:.3f}", value);
  for (const auto& [key, value] : flags(state)) out[key] = value ? "true" : "false";
  out["muc_clients_connected"] = state.online ? "1" : "0";
  out["mucs_joined"] = state.inside_brewery ? "1" : "0";
  return out;
}

std::string Statistics::json(const BridgeState& state) const {
  boost::json::object out;
  for (const auto& [key, value] : texts(state)) out[key] = value;
  for (const auto& [key, value] : numbers()) out[key] = value;
  for (const auto& [key, value] : fractions(state)) out[key] = value;
  for (const auto& [key, value] : flags(state)) out[key] = value;
  out["muc_clients_connected"] = state.online ? 1 : 0;
  out["mucs_joined"] = state.inside_brewery ? 1 : 0;
  return boost::json::serialize(out);
}

std::string Statistics::metrics(MetricsText::Format format, const BridgeState& state) const {
  MetricsText out(format, "jitsi_jvb_");
  for (const Stat& stat : stat_table()) {
    if (stat.metric.empty()) continue;
    const std::int64_t value = sum(stat.of);
    if (stat.kind == StatKind::counter) {
      out.counter(stat.metric, stat.help, static_cast<std::uint64_t>(value));
    } else {
      out.gauge(stat.metric, stat.help, static_cast<double>(value));
    }
  }
  write_state(out, state);
  write_sizes(out);
  out.begin_counter("dropped_packets", "Packets and messages that went no further, by reason.");
  for (const auto& [reason, value] : drops()) out.sample("dropped_packets", "reason", reason, value);
  return std::move(out).finish();
}

void Statistics::write_state(MetricsText& out, const BridgeState& state) const {
  const auto flag = [](bool value) { return value ? 1.0 : 0.0; };
  out.gauge("largest_conference", "Participants of the largest conference.",
            static_cast<double>(largest_conference()));
  out.gauge("thread_count", "Threads.", static_cast<double>(shards_.size() + 1));
  out.gauge("incoming_bitrate", "Media received, bit/s.", rates_.bits_in);
  out.gauge("outgoing_bitrate", "Media sent, bit/s.", rates_.bits_out);
  out.gauge("incoming_packet_rate", "Packets received a second.", rates_.packets_in);
  out.gauge("outgoing_packet_rate", "Packets sent a second.", rates_.packets_out);
  out.gauge("incoming_loss_fraction", "Of the participants' packets.", rates_.loss_in);
  out.gauge("outgoing_loss_fraction", "Of the packets to participants.", rates_.loss_out);
  out.gauge("loss_fraction", "Of all packets.", rates_.loss);
  out.gauge("average_rtt", "Round trip to participants, ms.", round_trip_ms());
  out.gauge("stress", "1: the busiest media thread has as much to do as it can.", state.stress);
  out.gauge("healthy", "Whether all media threads answer.", flag(state.healthy));
  out.gauge("drain_mode", "Whether focuses are asked to choose other bridges.", flag(state.drain));
  out.gauge("graceful_shutdown", "Whether new conferences are refused.", flag(state.phase != Phase::running));
  out.gauge("shutting_down", "Whether the end is near.", flag(state.phase >= Phase::shutting_down));
  out.gauge("muc_clients_connected", "Connections to XMPP servers.", flag(state.online));
  out.gauge("mucs_joined", "Breweries joined.", flag(state.inside_brewery));
  out.counter("xmpp_disconnects", "Connections to XMPP servers lost.", state.xmpp_disconnects);
}

void Statistics::write_sizes(MetricsText& out) const {
  const auto write = [&](std::string_view name, std::string_view help,
                         conference::ConferenceSizes Counters::*sizes) {
    std::array<std::int64_t, conference::kConferenceSizes.size() + 1> counts{};
    std::int64_t total = 0;
    for (const shard::ShardCounters* shard : shards_) {
      const conference::ConferenceSizes& share = shard->conference.*sizes;
      for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += share.conferences[i].value();
      total += share.sum.value();
    }
    out.histogram(name, help, conference::kConferenceSizes, counts, total);
  };
  write("conferences_by_size", "Conferences by their participants.", &Counters::conferences_by_size);
  write("conferences_by_audio_sender", "Conferences by those who send audio.",
        &Counters::conferences_by_audio_sender);
  write("conferences_by_video_sender", "Conferences by those who send video.",
        &Counters::conferences_by_video_sender);
}

std::map<std::string, std::uint64_t> Statistics::drops() const {
  std::map<std::string, std::uint64_t> out;
  const auto each = [](auto count, const auto& add) {
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(count); ++i) add(static_cast<decltype(count)>(i));
  };
  for (const shard::ShardCounters* shard : shards_) {
    const shard::ShardCounters& c = *shard;
    each(transport::Drop::count_, [&](transport::Drop reason) {
      out[fmt::format("transport_{}", name(reason))] += c.transport_drops.value(reason);
    });
    each(media::Drop::count_of_reasons, [&](media::Drop reason) {
      out[fmt::format("media_{}", name_of(reason))] +=
          c.conference.media_drops[static_cast<std::size_t>(reason)].value();
    });
    each(conference::MessageDrop::count_, [&](conference::MessageDrop reason) {
      out[fmt::format("message_{}", name(reason))] += c.conference.message_drops.value(reason);
    });
  }
  return out;
}

}  // namespace cloister::videobridge::signalling
