#include "world/sim.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/assert.h"

namespace cloister::sim {
namespace {

// More at one instant is not a busy conference but a loop.
constexpr int kMaxStepsAtOnce = 10'000;

}  // namespace

Sim::Sim(Seed seed)
    : seed_(seed),
      openssl_random_(static_cast<std::uint64_t>(seed)),
      random_(static_cast<std::uint64_t>(seed)),
      network_(static_cast<std::uint64_t>(seed) + 1, clock_),
      bridge_(std::make_unique<SimBridge>(network_, clock_)),
      focus_(std::make_unique<SimFocus>(*bridge_, clock_)) {}

Sim::~Sim() = default;

Participant& Sim::join(const std::string& name, const Joining& how) {
  support::Participant as{
      .meeting = MeetingId(how.room), .endpoint = EndpointId(name), .data_channel = how.data_channel};
  as.audio = Ssrc{next_ssrc_++};
  for (std::size_t i = 0; i < how.encodings; ++i) {
    as.video.push_back({Ssrc{next_ssrc_}, Ssrc{next_ssrc_ + 1}});
    next_ssrc_ += 2;
  }
  auto& joined =
      participants_.emplace_back(std::make_unique<Participant>(as, network_, *bridge_, clock_, how.link));
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
  TimePoint next = std::min(network_.next_arrival().value_or(TimePoint::max()),
                            bridge_->next_wakeup().value_or(TimePoint::max()));
  next = std::min(next, focus_->next_wakeup().value_or(TimePoint::max()));
  for (const auto& participant : participants_) next = std::min(next, participant->next_wakeup());
  return next;
}

void Sim::step(TimePoint to) {
  clock_.time = to;
  network_.deliver();
  if (const auto due = bridge_->next_wakeup(); due && *due <= to) bridge_->on_wakeup();
  for (const auto& participant : participants_)
    if (participant->next_wakeup() <= to) participant->on_wakeup();
  bridge_->deliver_texts();
  if (const auto due = focus_->next_wakeup(); due && *due <= to) focus_->on_wakeup();
}

std::string Sim::seed_text() const { return fmt::format("seed {}", static_cast<std::uint64_t>(seed_)); }

std::string Sim::flow_diagram() const {
  return fmt::format("{}\ndropped:{}\n{}", seed_text(), bridge_->drops(), network_.flow_diagram());
}

}  // namespace cloister::sim
