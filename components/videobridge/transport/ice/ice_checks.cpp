// What the agent does by itself: paced checks and their repetition, nomination, consent.
#include <algorithm>

#include "base/random.h"
#include "videobridge/transport/ice/ice_agent.h"

namespace cloister::videobridge::transport {
namespace {

Duration consent_interval() {
  const auto tenths_of_percent = 800 + static_cast<int>(random_u32() % 401);
  return IceAgent::kConsentInterval * tenths_of_percent / 1000;
}

bool reflexive_or_host(const IcePair& pair) { return pair.remote_type != CandidateType::relayed; }

}  // namespace

void IceAgent::on_wakeup(TimePoint now) { run(now); }

// One round of everything that may be due; cheap when nothing is.
void IceAgent::run(TimePoint now) {
  if (!remote_key_) return;
  expire(now);
  repeat_checks(now);
  nominate(now);
  follow_moved_peer(now);
  start_next_check(now);
  keep_consent(now);
}

void IceAgent::expire(TimePoint now) {
  if (state_ == State::checking && now >= deadline_) state_ = State::failed;
  if (state_ != State::connected || now < consent_until_) return;
  // RFC 7675 §5.1: no word more on this path. A check of the peer's that we can answer starts over.
  state_ = State::lost;
  selected_.reset();
  first_valid_.reset();
  for (IcePair& pair : pairs_) {
    pair.valid = pair.nominated = pair.nominate_next = pair.wanted = false;
    pair.check.reset();
  }
}

void IceAgent::start_next_check(TimePoint now) {
  if (now < next_check_) return;
  IcePair* best = nullptr;
  for (IcePair& pair : pairs_) {
    if (!pair.wanted || pair.check) continue;
    const auto rank = [](const IcePair& one) { return std::pair(one.triggered, one.priority); };
    if (best == nullptr || rank(pair) > rank(*best)) best = &pair;
  }
  if (best == nullptr) return;
  next_check_ = now + kPacing;
  start_check(*best, best->nominate_next && controlling_, kFirstRepetition, now);
}

void IceAgent::start_check(IcePair& pair, bool nominating, Duration interval, TimePoint now) {
  pair.wanted = pair.triggered = false;
  IcePair::Check check;
  ByteWriter(check.id).u32(tag_);
  fill_random(std::span(check.id).subspan(sizeof tag_));
  check.nominating = nominating;
  check.as_controlling = controlling_;
  check.first_sent = now;
  check.interval = interval;
  pair.check = check;
  send_check(pair, now);
}

void IceAgent::send_check(IcePair& pair, TimePoint now) {
  IcePair::Check& check = *pair.check;
  ++check.sends;
  check.due = now + check.interval;
  wire::StunWriter request(out_.reserve(), wire::StunClass::request, check.id);
  request.username(remote_ufrag_, ufrag_);
  // What a peer-reflexive candidate learned from this request would be worth (RFC 8445 §7.1.1).
  request.priority((local_priority(pair.path.socket) & 0x00ffffffU) |
                   type_preference(CandidateType::peer_reflexive) << 24);
  if (check.as_controlling) {
    request.controlling(tie_breaker_);
    if (check.nominating) request.use_candidate();
  } else {
    request.controlled(tie_breaker_);
  }
  out_.commit(request.finish(*remote_key_), pair.path);
}

void IceAgent::repeat_checks(TimePoint now) {
  for (IcePair& pair : pairs_) {
    if (!pair.check || now < pair.check->due) continue;
    const bool consent = pair.valid && pair.check->interval == kConsentRepetition;
    if (pair.check->sends >= (consent ? kConsentSends : kMaxSends)) {
      pair.check.reset();
      pair.nominate_next = false;
      if (selected_ != pair.path) pair.valid = false;
      continue;
    }
    if (!consent) pair.check->interval = std::min(2 * pair.check->interval, kLastRepetition);
    send_check(pair, now);
  }
}

// The first valid pair without a relay at once; a relayed one when nothing better came for a while.
void IceAgent::nominate(TimePoint now) {
  if (!controlling_ || !first_valid_ || is_nominated()) return;
  if (std::ranges::any_of(pairs_, &IcePair::nominate_next)) return;
  const bool patient = now < *first_valid_ + kRelayedPatience;
  IcePair* best = nullptr;
  for (IcePair& pair : pairs_) {
    if (!pair.valid || (patient && !reflexive_or_host(pair))) continue;
    if (best == nullptr || pair.priority > best->priority) best = &pair;
  }
  if (best == nullptr) return;
  best->check.reset();
  best->wanted = best->triggered = best->nominate_next = true;
}

// The peer went on to another pair without an ICE restart: it is silent on the selected one and checks a
// valid other one.
void IceAgent::follow_moved_peer(TimePoint now) {
  if (!controlling_ || !is_nominated()) return;
  const IcePair* current = find_pair(*selected_);
  if (current == nullptr || now - current->last_heard < kStale) return;
  for (IcePair& pair : pairs_) {
    if (!pair.valid || &pair == current || pair.nominate_next || now - pair.last_heard >= kStale) continue;
    pair.check.reset();
    pair.wanted = pair.triggered = pair.nominate_next = true;
    return;
  }
}

void IceAgent::choose(TimePoint now) {
  if (is_nominated()) return;
  const IcePair* best = nullptr;
  for (const IcePair& pair : pairs_)
    if (pair.valid && (best == nullptr || pair.priority > best->priority)) best = &pair;
  if (best == nullptr || selected_ == best->path) return;
  selected_ = best->path;
  consent_until_ = now + kConsentExpiry;
}

void IceAgent::keep_consent(TimePoint now) {
  if (!selected_ || now < next_consent_) return;
  IcePair* pair = find_pair(*selected_);
  if (pair != nullptr && !pair->check) start_check(*pair, false, kConsentRepetition, now);
  next_consent_ = now + consent_interval();
}

std::optional<TimePoint> IceAgent::next_wakeup() const {
  if (!remote_key_) return std::nullopt;
  std::optional<TimePoint> out;
  if (state_ == State::checking) out = deadline_;
  for (const IcePair& pair : pairs_) {
    if (pair.check) out = earlier(out, pair.check->due);
    if (pair.wanted && !pair.check) out = earlier(out, next_check_);
  }
  // A relayed pair waits for its patience to end. Any other is nominated as soon as it is valid, so nothing
  // waits there.
  const bool relayed_waits = controlling_ && first_valid_ && !is_nominated() &&
                             std::ranges::none_of(pairs_, &IcePair::nominate_next) &&
                             std::ranges::any_of(pairs_, &IcePair::valid);
  if (relayed_waits) out = earlier(out, *first_valid_ + kRelayedPatience);
  if (selected_) out = earlier(out, earlier(next_consent_, consent_until_));
  return out;
}

}  // namespace cloister::videobridge::transport
