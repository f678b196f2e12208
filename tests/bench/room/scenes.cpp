#include "room/scenes.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/assert.h"
#include "room/process.h"
#include "support/pause.h"

namespace cloister::bench {
namespace {

constexpr Duration kSettling = 1s;

double ms(Duration duration) { return std::chrono::duration<double, std::milli>(duration).count(); }
double seconds(Duration duration) { return std::chrono::duration<double>(duration).count(); }

std::vector<Part> parts_of_room(const MediaScene& scene, std::size_t room) {
  std::vector<Part> out;
  const std::size_t sending = std::max(scene.senders, scene.talkers);
  for (std::size_t i = 0; i < sending + scene.receivers; ++i)
    out.push_back({.room = room,
                   .talks = i < scene.talkers,
                   .layers = i < scene.senders ? scene.layers : 0,
                   .height = scene.height,
                   .last_n = scene.last_n});
  return out;
}

void start_measuring(Stand& stand) {
  stand.call([&] {
    for (const auto& seat : stand.seats()) seat->media().reception().start(SteadyClock().now());
  });
}

load::Received received(Stand& stand) {
  load::Received out;
  stand.call([&] {
    for (const auto& seat : stand.seats()) out.add(seat->media().reception().received(SteadyClock().now()));
  });
  return out;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  return values[values.size() / 2];
}

// From the keys to the first picture; of those who have one.
std::vector<double> first_frames(Stand& stand) {
  std::vector<double> out;
  stand.call([&] {
    for (const auto& seat : stand.seats())
      seat->media().reception().for_each_video([&](const sim::VideoView& video) {
        if (video.frames() > 0) out.push_back(ms(video.time_to_first_frame()));
      });
  });
  return out;
}

SocketAddress media_address(Stand& stand) {
  return stand.call([&] { return stand.seats().front()->media().bridge_address(); });
}

}  // namespace

bool measure_media(const MediaScene& scene, const Stands& stands) {
  BridgeProcess bridge(stands.bridge, scene.loudest);
  support::pause(kSettling / 10);
  const ProcessUse idle = use_of_process(bridge.pid());
  Stand stand(stands.load, bridge, scene.srtp);
  std::vector<Part> first = parts_of_room(scene, 0);
  std::vector<Part> others;
  if (first.size() > 2) {
    others.assign(first.begin() + 2, first.end());
    first.resize(2);
  }
  for (std::size_t room = 1; room < scene.rooms; ++room) {
    const auto more = parts_of_room(scene, room);
    others.insert(others.end(), more.begin(), more.end());
  }
  if (!stand.seat(first, Together::yes)) return false;
  support::pause(stands.settling);
  const ProcessUse two = use_of_process(bridge.pid());
  if (!stand.seat(others, Together::yes)) return false;
  support::pause(kSettling);
  const double first_frame = median(first_frames(stand));
  std::optional<Flood> flood;
  if (scene.flood > 0) flood.emplace(stands.load, media_address(stand), scene.flood, scene.junk);
  start_measuring(stand);
  const ProcessUse before = use_of_process(bridge.pid());
  const std::uint64_t junk = flood ? flood->sent().value() : 0;
  const TimePoint begin = SteadyClock().now();
  support::pause(stands.measured);
  const double passed = seconds(SteadyClock().now() - begin);
  const ProcessUse after = use_of_process(bridge.pid());
  const load::Received got = received(stand);
  const auto cpu = static_cast<double>(after.cpu_ns - before.cpu_ns);
  const auto packets = static_cast<double>(std::max<std::uint64_t>(1, got.packets));
  fmt::print(
      "{{\"unread_p99_ms\":{:.3f},\"cpu_share\":{:.5f},\"cpu_ns\":{:.0f},\"packets\":{},\"cpu_ns_per_"
      "packet\":{:.0f},\"lost\":{},"
      "\"p50_ms\":{:.3f},"
      "\"p99_ms\":{:.3f},\"p999_ms\":{:.3f},\"heard\":{},\"voices\":{},\"seen\":{},\"videos\":{},\"freezes\":"
      "{},"
      "\"first_frame_ms\":{:.1f},\"context_switches_per_packet\":{:.3f},\"junk\":{},\"seats\":{},"
      "\"idle_kb\":{},\"two_kb\":{},\"all_kb\":{},\"idle_threads\":{},\"threads\":{},\"seconds\":{:.3f}}}\n",
      ms(got.unread.percentile(0.99)), cpu / 1e9 / passed, cpu, got.packets, cpu / packets, got.lost,
      ms(got.delay.percentile(0.5)), ms(got.delay.percentile(0.99)), ms(got.delay.percentile(0.999)),
      got.heard, got.talkers, got.seen, got.senders, got.freezes, first_frame,
      static_cast<double>(after.context_switches - before.context_switches) / packets,
      flood ? flood->sent().value() - junk : 0, stand.seats().size(), idle.resident_kb, two.resident_kb,
      after.resident_kb, idle.threads, after.threads, passed);
  return true;
}

bool measure_joins(std::size_t count, const Stands& stands) {
  BridgeProcess bridge(stands.bridge, 0);
  Stand stand(stands.load, bridge, SrtpChoice::gcm);
  // The first one meets cold caches.
  if (!stand.seat({Part{}, Part{}}, Together::no)) return false;
  const std::uint64_t cpu = use_of_process(bridge.pid()).cpu_ns;
  if (!stand.seat(std::vector<Part>(count), Together::no)) return false;
  const std::uint64_t used = use_of_process(bridge.pid()).cpu_ns - cpu;
  std::vector<double> waits;
  stand.call([&] {
    for (const auto& seat : stand.seats()) waits.push_back(ms(seat->time_to_connect()));
  });
  fmt::print("{{\"joins\":{},\"wall_ms\":{:.3f},\"cpu_us\":{:.1f}}}\n", count, median(waits),
             static_cast<double>(used) / 1000 / static_cast<double>(count));
  return true;
}

bool measure_storm(std::size_t count, const Stands& stands) {
  BridgeProcess bridge(stands.bridge, 0);
  Stand stand(stands.load, bridge, SrtpChoice::gcm);
  const MediaScene present{.receivers = 10};
  if (!stand.seat(parts_of_room(present, 0), Together::yes)) return false;
  support::pause(kSettling);
  start_measuring(stand);
  support::pause(stands.measured);
  const load::Received calm = received(stand);
  start_measuring(stand);
  Stand crowd(stands.load, bridge,
              SrtpChoice::gcm);  // on another thread, so that its handshakes delay nobody here
  crowd.invite_all(std::vector<Part>(count, Part{.room = 1}));
  const std::uint64_t cpu = use_of_process(bridge.pid()).cpu_ns;
  const TimePoint begin = SteadyClock().now();
  const bool all = crowd.connect_all();
  const double passed = seconds(SteadyClock().now() - begin);
  const double used = static_cast<double>(use_of_process(bridge.pid()).cpu_ns - cpu) / 1e9;
  const load::Received stormy = received(stand);
  fmt::print(
      "{{\"joins\":{},\"all\":{},\"seconds\":{:.3f},\"cpu_seconds\":{:.4f},\"calm_p99_ms\":{:.3f},\"p99_ms\":"
      "{:.3f},"
      "\"lost\":{}}}\n",
      count, all, passed, used, ms(calm.delay.percentile(0.99)), ms(stormy.delay.percentile(0.99)),
      stormy.lost);
  return all;
}

namespace {

support::Participant somebody(const std::string& meeting, std::size_t number) {
  return {.meeting = MeetingId(meeting), .endpoint = EndpointId("p" + std::to_string(number))};
}

std::uint64_t resident_after(BridgeProcess& bridge, std::size_t count, bool one_conference) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::string meeting = one_conference ? "together" : "alone-" + std::to_string(i);
    const bool first = !one_conference || i == 0;
    bridge.ask(support::create_endpoint(
        somebody(meeting, i), first ? support::CreateConference::yes : support::CreateConference::no));
  }
  return use_of_process(bridge.pid()).resident_kb;
}

}  // namespace

bool measure_conferences(std::size_t count, const Stands& stands) {
  constexpr std::size_t kCompared = 300;
  std::uint64_t together = 0;
  std::uint64_t alone = 0;
  {
    BridgeProcess bridge(stands.bridge, 0);
    together = resident_after(bridge, kCompared, true);
  }
  {
    BridgeProcess bridge(stands.bridge, 0);
    alone = resident_after(bridge, kCompared, false);
  }
  BridgeProcess bridge(stands.bridge, 0);
  const auto make_and_end = [&bridge](std::size_t from, std::size_t to) {
    for (std::size_t i = from; i < to; ++i) {
      const support::Participant who = somebody("room-" + std::to_string(i), 0);
      bridge.ask(support::create_endpoint(who, support::CreateConference::yes));
      bridge.ask(support::expire_endpoint(who.meeting, who.endpoint));
    }
  };
  make_and_end(0, count / 10);
  const std::uint64_t before = use_of_process(bridge.pid()).resident_kb;
  make_and_end(count / 10, count);
  const std::uint64_t after = use_of_process(bridge.pid()).resident_kb;
  fmt::print("{{\"conferences\":{},\"kb_each\":{:.2f},\"before_kb\":{},\"after_kb\":{}}}\n", count,
             (static_cast<double>(alone) - static_cast<double>(together)) / (kCompared - 1), before, after);
  return true;
}

}  // namespace cloister::bench
