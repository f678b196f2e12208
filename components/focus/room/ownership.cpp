#include "focus/room/ownership.h"

namespace cloister::focus::room {

bool Ownership::on_members(bool has_owner, TimePoint now) {
  if (has_owner) {
    had_owner_ = true;
    elect_at_.reset();
    return false;
  }
  if (elected_) return false;
  if (had_owner_) {
    had_owner_ = false;
    elect_at_ = now + grace_;
  }
  if (elect_at_ && *elect_at_ > now) return false;
  elect_at_.reset();
  return true;
}

void Ownership::on_settled(const EndpointId& member) {
  if (elected_ == member) elected_.reset();
}

void Ownership::on_refused(const EndpointId& member, TimePoint now) {
  if (elected_ != member) return;
  elected_.reset();
  elect_at_ = now + grace_;
}

}  // namespace cloister::focus::room
