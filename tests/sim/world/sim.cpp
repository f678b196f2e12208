#include "world/sim.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/assert.h"

namespace cloister::sim {
namespace {

// More at one instant is not a busy conference but a loop.
constexpr int kMaxStepsAtOnce = 10'000;

// One that is alone has nobody to relay to.
std::vector<std::unique_ptr<SimBridge>> make_bridges(std::size_t count, support::SeededNetwork& network,
                                                     const support::FakeClock& clock) {
  std::vector<std::unique_ptr<SimBridge>> out;
  for (std::size_t i = 0; i < count; ++i)
    out.push_back(
        std::make_unique<SimBridge>(network, clock, count > 1 ? "bridge-" + std::to_string(i) : ""));
  return out;
}

std::vector<SimBridge*> pointers(const std::vector<std::unique_ptr<SimBridge>>& bridges) {
  std::vector<SimBridge*> out;
  for (const auto& bridge : bridges) out.push_back(bridge.get());
  return out;
}

}  // namespace

Sim::Sim(Seed seed, std::size_t bridges, Spread spread)
    : seed_(seed),
      openssl_random_(static_cast<std::uint64_t>(seed)),
      random_(static_cast<std::uint64_t>(seed)),
      network_(static_cast<std::uint64_t>(seed) + 1, clock_),
      bridges_(make_bridges(bridges, network_, clock_)),
      mesh_(std::make_unique<SimMesh>(pointers(bridges_))),
      focus_(std::make_unique<SimFocus>(*mesh_, spread, clock_)) {}

Sim::~Sim() = default;

Participant& Sim::join(const std::string& name, const Joining& how) {
  support::Participant as{
      .meeting = MeetingId(how.room), .endpoint = EndpointId(name), .data_channel = how.data_channel};
  as.audio = Ssrc{next_ssrc_++};
  for (std::size_t i = 0; i < how.encodings; ++i) {
    as.video.push_back({Ssrc{next_ssrc_}, Ssrc{next_ssrc_ + 1}});
    next_ssrc_ += 2;
  }
  mesh_->assign(as.endpoint, how.bridge);
  auto& joined = participants_.emplace_back(
      std::make_unique<Participant>(as, network_, bridge(how.bridge), clock_, how.link));
  focus_->join(how.room, joined->client());
  return *joined;
}

void Sim::leave(Participant& participant) {
  focus_->leave(participant.as().meeting.expose(), participant.client());
  forget(participant);
}

void Sim::vanish(Participant& participant) {
  focus_->cut_off(participant.as().meeting.expose(), participant.client());
  forget(participant);
}

void Sim::forget(Participant& participant) {
  std::erase_if(participants_, [&](const auto& one) { return one.get() == &participant; });
}

void Sim::run_for(Duration duration) {
  run_until([] { return false; }, duration);
}

bool Sim::run_until(const std::function<bool()>& done, Duration limit) {
  const TimePoint end = clock_.now() + limit;
  int steps = 0;
  while (!done()) {
    const TimePoint next = std::max(next_event(), clock_.now());
    if (next > end) {
      clock_.time = end;
      return false;
    }
    steps = next == clock_.now() ? steps + 1 : 0;
    ASSERT(steps < kMaxStepsAtOnce);
    step(next);
  }
  return true;
}

TimePoint Sim::next_event() const {
  TimePoint next = network_.next_arrival().value_or(TimePoint::max());
  for (const auto& bridge : bridges_) next = std::min(next, bridge->next_wakeup().value_or(TimePoint::max()));
  next = std::min(next, focus_->next_wakeup().value_or(TimePoint::max()));
  for (const auto& participant : participants_) next = std::min(next, participant->next_wakeup());
  return next;
}

void Sim::step(TimePoint to) {
  clock_.time = to;
  network_.deliver();
  for (const auto& bridge : bridges_)
    if (const auto due = bridge->next_wakeup(); due && *due <= to) bridge->on_wakeup();
  for (const auto& participant : participants_)
    if (participant->next_wakeup() <= to) participant->on_wakeup();
  for (const auto& bridge : bridges_) bridge->deliver_texts();
  if (const auto due = focus_->next_wakeup(); due && *due <= to) focus_->on_wakeup();
}

std::string Sim::seed_text() const { return fmt::format("seed {}", static_cast<std::uint64_t>(seed_)); }

std::string Sim::flow_diagram() const {
  std::string drops;
  for (const auto& bridge : bridges_) drops += "\ndropped:" + bridge->drops();
  return fmt::format("{}{}\n{}", seed_text(), drops, network_.flow_diagram());
}

}  // namespace cloister::sim
