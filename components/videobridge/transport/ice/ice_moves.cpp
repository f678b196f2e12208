// The peer leaves the selected pair for another one without an ICE restart: another network, another NAT
// binding. Controlling side only; nobody but the peer can make us move, for each step asks for the password:
//
//   check from a new address ─▶ ours back ─▶ answered: valid ─┬─ its media comes that way, none by the old ─▶
//   nominate
//                                                             └─ the old pair leaves a probe unanswered ────▶
//                                                             nominate
#include <algorithm>
#include <utility>

#include "videobridge/transport/ice/ice_agent.h"

namespace cloister::videobridge::transport {

void IceAgent::nominate_now(IcePair& pair) {
  pair.check.reset();
  pair.wanted = pair.triggered = pair.nominate_next = true;
}

// Nothing at all came by the selected pair for `least`.
bool IceAgent::is_quiet(const IcePair& selected, TimePoint now, Duration least) const {
  return now - std::max(selected.last_heard, selected_media_) >= least;
}

void IceAgent::on_media_elsewhere(const net::Path& from, TimePoint now) {
  if (!controlling_ || !is_nominated() || now - selected_media_ < kQuiet) return;
  IcePair* pair = find_pair(from);
  if (pair == nullptr || !pair->valid || pair->nominate_next) return;
  nominate_now(*pair);
  run(now);
}

// The peer was heard on another valid pair. If nothing comes by the selected one either for a moment, it is
// asked whether it still works.
void IceAgent::suspect_selected(TimePoint now) {
  if (!controlling_ || !is_nominated() || probe_at_ || now < next_probe_) return;
  probe_at_ = now + kQuiet;
}

void IceAgent::probe_selected(TimePoint now) {
  if (!probe_at_ || now < *probe_at_) return;
  const Duration silence = now - *std::exchange(probe_at_, std::nullopt) + kQuiet;
  IcePair* selected = selected_ && controlling_ ? find_pair(*selected_) : nullptr;
  if (selected == nullptr || !is_quiet(*selected, now, silence)) return;
  next_probe_ = now + kProbeInterval;
  selected->check.reset();
  start_check(*selected, IcePair::Purpose::probe, false, now);
}

void IceAgent::follow_moved_peer(TimePoint now) {
  if (!controlling_ || !is_nominated()) return;
  const IcePair* current = find_pair(*selected_);
  if (current == nullptr || !is_quiet(*current, now, current->silent ? kQuiet : kStale)) return;
  if (std::ranges::any_of(pairs_, &IcePair::nominate_next)) return;
  IcePair* latest = nullptr;
  for (IcePair& pair : pairs_) {
    if (!pair.valid || &pair == current || now - pair.last_heard >= kStale) continue;
    if (latest == nullptr || pair.last_heard > latest->last_heard) latest = &pair;
  }
  if (latest != nullptr) nominate_now(*latest);
}

// A way out may be among the pairs that did not work, or were not needed, before.
void IceAgent::recheck_others(const IcePair& silent) {
  for (IcePair& pair : pairs_)
    if (&pair != &silent && !pair.check) pair.wanted = true;
}

}  // namespace cloister::videobridge::transport
