#include "world/comings_and_goings.h"

#include <fmt/core.h>

namespace cloister::sim {
namespace {

constexpr Duration kPause = 3s;
constexpr std::size_t kMost = 5;
constexpr std::size_t kRooms = 2;

}  // namespace

void ComingsAndGoings::run_for(Duration duration) {
  for (const TimePoint end = sim_.now() + duration; sim_.now() < end; sim_.run_for(kPause)) do_something();
}

std::size_t ComingsAndGoings::pick(std::size_t below) {
  return std::uniform_int_distribution<std::size_t>(0, below - 1)(sim_.random());
}

void ComingsAndGoings::do_something() {
  // One camera at a time: it is comings and goings that leave things behind, not frames.
  for (Participant* one : present_) one->hides_camera();
  if (present_.empty() || (present_.size() < kMost && pick(2) == 0)) return come();
  const std::size_t index = pick(present_.size());
  Participant& one = *present_[index];
  switch (pick(8)) {
    case 0:
    case 1:
    case 2: return go(index);
    case 3: return one.shows_camera();
    case 4: return one.speaks();
    case 5: return one.falls_silent();
    case 6: return one.asks_for_height(pick(2) == 0 ? 180 : 720);
    default: return one.send_message(R"({"colibriClass":"EndpointMessage","to":"","msgPayload":{"n":1}})");
  }
}

void ComingsAndGoings::come() {
  const std::string name = fmt::format("{:08x}", ++visits_);
  present_.push_back(&sim_.join(name, {.room = fmt::format("room-{}", pick(kRooms)),
                                       .data_channel = pick(2) == 0,
                                       .encodings = 1 + pick(3)}));
}

void ComingsAndGoings::go(std::size_t index) {
  Participant& one = *present_[index];
  present_.erase(present_.begin() + static_cast<std::ptrdiff_t>(index));
  if (pick(4) == 0) {
    sim_.vanish(one);
  } else {
    sim_.leave(one);
  }
}

void ComingsAndGoings::empty() {
  while (!present_.empty()) {
    sim_.leave(*present_.back());
    present_.pop_back();
  }
  sim_.run_for(150s);
}

std::string ComingsAndGoings::leftovers() const {
  SimBridge& bridge = sim_.bridge();
  std::string out;
  const auto note = [&out](const char* what, std::int64_t count) {
    if (count != 0) out += fmt::format(" {} {}", count, what);
  };
  const videobridge::conference::Counters& counters = bridge.counters();
  note("conferences", static_cast<std::int64_t>(bridge.conferences()));
  note("transports", static_cast<std::int64_t>(bridge.transports()));
  note("packets", static_cast<std::int64_t>(bridge.packets_in_use()));
  note("conferences counted", counters.conferences.value());
  note("endpoints counted", counters.endpoints.value());
  note("inactive endpoints counted", counters.inactive_endpoints.value());
  for (const Gauge& headcount : counters.headcounts) note("in a headcount", headcount.value());
  return out;
}

}  // namespace cloister::sim
