// Who was the dominant speaker for how long. Clients say themselves when they become it, and when they fall
// silent (protocol/client.md §21), so nobody can lengthen another's time by more than its own silence. One
// room's; focus thread.
#pragma once

#include <map>
#include <optional>

#include "base/clock.h"
#include "focus/services/roster.h"

namespace cloister::focus::services {

class SpeakerStatistics {
public:
  static constexpr std::size_t kMostPeople = 1000;  // of all who ever were there; then who left first goes

  struct Total {
    Personal<std::string> name{};
    Duration spoken{};
  };

  void on_came(const Person& person, TimePoint now);
  void on_changed(const Person& person);
  void on_left(const Person& person, TimePoint now);
  // `person` is the dominant speaker now; `silent`: it stopped speaking, and nobody is.
  void on_report(const Person& person, bool silent, TimePoint now);

  // Everybody's total up to `now`, by nickname.
  std::map<EndpointId, Total> totals(TimePoint now) const;

private:
  struct Entry {
    Personal<std::string> name{};
    Duration spoken{};
    std::uint64_t left = 0;  // order of leaving; 0: still there
  };
  void settle(TimePoint now);
  void make_room();

  std::map<EndpointId, Entry> entries_;
  std::optional<EndpointId> speaker_;
  TimePoint since_{};
  std::uint64_t departures_ = 0;
};

}  // namespace cloister::focus::services
