#include "focus/services/speaker_statistics.h"

#include <utility>

namespace cloister::focus::services {

void SpeakerStatistics::on_came(const Person& person, TimePoint now) {
  settle(now);
  if (!entries_.contains(person.id) && entries_.size() >= kMostPeople) make_room();
  if (!entries_.contains(person.id) && entries_.size() >= kMostPeople) return;
  Entry& entry = entries_[person.id];
  entry.name = person.name;
  entry.left = 0;
}

void SpeakerStatistics::on_changed(const Person& person) {
  if (const auto found = entries_.find(person.id); found != entries_.end()) found->second.name = person.name;
}

void SpeakerStatistics::on_left(const Person& person, TimePoint now) {
  settle(now);
  if (speaker_ == person.id) speaker_.reset();
  if (const auto found = entries_.find(person.id); found != entries_.end())
    found->second.left = ++departures_;
}

void SpeakerStatistics::on_report(const Person& person, bool silent, TimePoint now) {
  settle(now);
  if (!silent)
    speaker_ = person.id;
  else if (speaker_ == person.id)
    speaker_.reset();
}

std::map<EndpointId, SpeakerStatistics::Total> SpeakerStatistics::totals(TimePoint now) const {
  std::map<EndpointId, Total> all;
  for (const auto& [id, entry] : entries_)
    all.emplace(
        id, Total{.name = entry.name, .spoken = entry.spoken + (speaker_ == id ? now - since_ : Duration{})});
  return all;
}

// Credits the one who speaks with the time so far.
void SpeakerStatistics::settle(TimePoint now) {
  if (speaker_)
    if (const auto found = entries_.find(*speaker_); found != entries_.end())
      found->second.spoken += now - since_;
  since_ = now;
}

void SpeakerStatistics::make_room() {
  auto first = entries_.end();
  for (auto entry = entries_.begin(); entry != entries_.end(); ++entry)
    if (entry->second.left != 0 && (first == entries_.end() || entry->second.left < first->second.left))
      first = entry;
  if (first != entries_.end()) entries_.erase(first);
}

}  // namespace cloister::focus::services
