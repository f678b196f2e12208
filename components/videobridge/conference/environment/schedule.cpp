#include "videobridge/conference/environment/schedule.h"

#include <algorithm>
#include <utility>

namespace cloister::videobridge::conference {
namespace {

TimePoint round_up(TimePoint time) {
  const Duration past = time.time_since_epoch() % Schedule::kTick;
  return past == Duration::zero() ? time : time + (Schedule::kTick - past);
}

}  // namespace

Scheduled::~Scheduled() {
  if (schedule_) schedule_->set(*this, std::nullopt);
}

Schedule::~Schedule() {
  for (Scheduled* member : heap_) member->schedule_ = nullptr;
}

void Schedule::set(Scheduled& member, std::optional<TimePoint> due) {
  if (!due) return take_out(member);
  const TimePoint before = std::exchange(member.due_, std::max(round_up(*due), floor_));
  if (member.schedule_ && member.due_ == before) return;
  if (!member.schedule_) {
    member.schedule_ = this;
    heap_.push_back(&member);
    member.place_ = heap_.size() - 1;
  }
  sift_up(member.place_);
  sift_down(member.place_);
}

std::optional<TimePoint> Schedule::next_due() const {
  if (heap_.empty()) return std::nullopt;
  return heap_.front()->due_;
}

void Schedule::run(TimePoint now) {
  floor_ = round_up(now + Duration(1));
  while (!heap_.empty() && heap_.front()->due_ <= now) {
    Scheduled& member = *heap_.front();
    take_out(member);
    member.on_due(now);
  }
  floor_ = TimePoint::min();
}

void Schedule::take_out(Scheduled& member) {
  if (!member.schedule_) return;
  const std::size_t place = member.place_;
  Scheduled* last = heap_.back();
  heap_.pop_back();
  if (last != &member) {
    put(place, last);
    sift_up(place);
    sift_down(last->place_);
  }
  member.schedule_ = nullptr;
  member.place_ = Scheduled::kNowhere;
}

void Schedule::put(std::size_t place, Scheduled* member) {
  heap_[place] = member;
  member->place_ = place;
}

void Schedule::sift_up(std::size_t place) {
  Scheduled* member = heap_[place];
  while (place > 0) {
    const std::size_t parent = (place - 1) / 2;
    if (heap_[parent]->due_ <= member->due_) break;
    put(place, heap_[parent]);
    place = parent;
  }
  put(place, member);
}

void Schedule::sift_down(std::size_t place) {
  Scheduled* member = heap_[place];
  for (std::size_t child = 2 * place + 1; child < heap_.size(); child = 2 * place + 1) {
    if (child + 1 < heap_.size() && heap_[child + 1]->due_ < heap_[child]->due_) ++child;
    if (member->due_ <= heap_[child]->due_) break;
    put(place, heap_[child]);
    place = child;
  }
  put(place, member);
}

}  // namespace cloister::videobridge::conference
