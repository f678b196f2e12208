#include "videobridge/signalling/statistics.h"

#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/json.hpp>
#include <thread>

namespace cloister::videobridge::signalling {
namespace {

constexpr double kAverageParticipantStress =
    0.01;  // what a focus adds per fresh participant (bridge.md §1.2)

std::uint64_t process_cpu_ns() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto ns = [](const timeval& t) {
    return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000U +
           static_cast<std::uint64_t>(t.tv_usec) * 1000U;
  };
  return ns(usage.ru_utime) + ns(usage.ru_stime);
}

std::string decimal(double value) { return fmt::format("{:.3f}", value); }
std::string text(bool value) { return value ? "true" : "false"; }

}  // namespace

Statistics::Statistics(std::vector<const shard::Shard*> shards)
    : shards_(std::move(shards)), cpu_time_(process_cpu_ns()) {}

struct Statistics::Totals {
  std::uint64_t bytes_in = 0, bytes_out = 0, packets_in = 0, packets_out = 0;
};

Statistics::Totals Statistics::totals() const {
  Totals out;
  for (const shard::Shard* shard : shards_) {
    const conference::Counters& c = shard->counters().conference;
    out.bytes_in += c.bytes_received.value();
    out.bytes_out += c.bytes_sent.value();
    out.packets_in += c.packets_received.value();
    out.packets_out += c.packets_sent.value();
  }
  return out;
}

void Statistics::refresh(TimePoint now) {
  const std::uint64_t cpu = process_cpu_ns();
  const Totals now_total = totals();
  if (refreshed_ && now > *refreshed_) {
    const double seconds = std::chrono::duration<double>(now - *refreshed_).count();
    const double threads = static_cast<double>(std::max<std::size_t>(shards_.size(), 1));
    stress_ = static_cast<double>(cpu - cpu_time_) / 1e9 / seconds / threads;
    const auto rate = [seconds](std::uint64_t current, std::uint64_t before) {
      return static_cast<double>(current - before) / seconds;
    };
    rates_ = {.bits_in = 8 * rate(now_total.bytes_in, bytes_in_),
              .bits_out = 8 * rate(now_total.bytes_out, bytes_out_),
              .packets_in = rate(now_total.packets_in, packets_in_),
              .packets_out = rate(now_total.packets_out, packets_out_)};
  }
  refreshed_ = now;
  cpu_time_ = cpu;
  bytes_in_ = now_total.bytes_in;
  bytes_out_ = now_total.bytes_out;
  packets_in_ = now_total.packets_in;
  packets_out_ = now_total.packets_out;
}

std::map<std::string, std::int64_t> Statistics::numbers() const {
  std::map<std::string, std::int64_t> out;
  std::int64_t largest = 0;
  for (const shard::Shard* shard : shards_) {
    const conference::Counters& c = shard->counters().conference;
    largest = std::max(largest, c.largest_conference.value());
    const auto add = [&out](const char* key, std::uint64_t value) {
      out[key] += static_cast<std::int64_t>(value);
    };
    const auto gauge = [&out](const char* key, const Gauge& value) { out[key] += value.value(); };
    gauge("conferences", c.conferences);
    gauge("endpoints", c.endpoints);
    gauge("participants", c.endpoints);
    gauge("local_endpoints", c.endpoints);
    gauge("inactive_endpoints", c.inactive_endpoints);
    add("total_conferences_created", c.conferences_created.value());
    add("total_conferences_completed", c.conferences_completed.value());
    add("total_conference_seconds", c.conference_seconds.value());
    add("total_participants", c.participants.value());
    add("total_ice_succeeded", c.ice_succeeded.value());
    add("total_ice_failed", c.ice_failed.value());
    add("dtls_failed_endpoints", c.dtls_failed_endpoints.value());
    add("endpoints_disconnected", c.endpoints_disconnected.value());
    add("endpoints_reconnected", c.endpoints_reconnected.value());
    add("num_eps_no_msg_transport_after_delay", c.num_eps_no_msg_transport_after_delay.value());
    add("total_packets_received", c.packets_received.value());
    add("total_packets_sent", c.packets_sent.value());
    add("total_bytes_received", c.bytes_received.value());
    add("total_bytes_sent", c.bytes_sent.value());
    add("total_dominant_speaker_changes", c.dominant_speaker_changes.value());
    add("total_data_channel_messages_received", c.data_channel_messages_received.value());
    add("total_data_channel_messages_sent", c.data_channel_messages_sent.value());
    add("total_colibri_web_socket_messages_received", c.colibri_web_socket_messages_received.value());
    add("total_colibri_web_socket_messages_sent", c.colibri_web_socket_messages_sent.value());
  }
  out["largest_conference"] = largest;
  out["threads"] = static_cast<std::int64_t>(shards_.size() + 1);
  const auto whole = [](double value) { return static_cast<std::int64_t>(value); };
  out["bit_rate_download"] = whole(rates_.bits_in / 1000);
  out["bit_rate_upload"] = whole(rates_.bits_out / 1000);
  out["packet_rate_download"] = whole(rates_.packets_in);
  out["packet_rate_upload"] = whole(rates_.packets_out);
  return out;
}

std::map<std::string, std::string> Statistics::presence(const BridgeState& state) const {
  std::map<std::string, std::string> out;
  for (const auto& [key, value] : numbers()) out[key] = std::to_string(value);
  out["stress_level"] = decimal(stress_);
  out["average_participant_stress"] = decimal(kAverageParticipantStress);
  out["version"] = CLOISTER_VERSION;
  out["drain"] = text(state.drain);
  out["graceful_shutdown"] = text(state.graceful_shutdown);
  out["shutting_down"] = text(state.shutting_down);
  out["healthy"] = text(state.healthy);
  if (!state.region.empty()) out["region"] = state.region;
  return out;
}

std::string Statistics::json(const BridgeState& state) const {
  boost::json::object out;
  for (const auto& [key, value] : numbers()) out[key] = value;
  out["stress_level"] = stress_;
  out["average_participant_stress"] = kAverageParticipantStress;
  out["version"] = CLOISTER_VERSION;
  out["drain"] = state.drain;
  out["graceful_shutdown"] = state.graceful_shutdown;
  out["shutting_down"] = state.shutting_down;
  out["healthy"] = state.healthy;
  if (!state.region.empty()) out["region"] = state.region;
  return boost::json::serialize(out);
}

std::string Statistics::prometheus(const BridgeState& state) const {
  std::string out;
  const auto metric = [&out](std::string name, std::int64_t value) {
    const bool counter = name.starts_with("total_");
    if (counter) name.erase(0, 6);
    out += fmt::format("# TYPE jitsi_jvb_{0} {1}\njitsi_jvb_{0} {2}\n", name, counter ? "counter" : "gauge",
                       value);
  };
  for (const auto& [key, value] : numbers()) metric(key, value);
  out += fmt::format("# TYPE jitsi_jvb_stress gauge\njitsi_jvb_stress {:.3f}\n", stress_);
  metric("healthy", state.healthy ? 1 : 0);
  metric("drain_mode", state.drain ? 1 : 0);
  out += "# TYPE cloister_bridge_drops counter\n";
  for (const auto& [reason, value] : drops())
    out += fmt::format("cloister_bridge_drops{{reason=\"{}\"}} {}\n", reason, value);
  return out;
}

std::map<std::string, std::uint64_t> Statistics::drops() const {
  std::map<std::string, std::uint64_t> out;
  const auto each = [](auto count, const auto& add) {
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(count); ++i) add(static_cast<decltype(count)>(i));
  };
  for (const shard::Shard* shard : shards_) {
    const shard::ShardCounters& c = shard->counters();
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
