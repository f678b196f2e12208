// What the agent does by itself: paced checks and their repetition, nomination, consent.
#include <algorithm>
#include <utility>

#include "base/random.h"
#include "videobridge/transport/ice/ice_agent.h"

namespace cloister::videobridge::transport {
namespace {

Duration consent_interval() {
  const auto tenths_of_percent = 800 + static_cast<int>(random_u32() % 401);
  return IceAgent::kConsentInterval * tenths_of_percent / 1000;
}

Duration first_interval(IcePair::Purpose purpose, std::optional<Duration> rtt) {
  switch (purpose) {
    case IcePair::Purpose::connect: break;
    case IcePair::Purpose::consent: return IceAgent::kConsentRepetition;
    case IcePair::Purpose::probe:
      return std::clamp(rtt.value_or(IceAgent::kMostProbeRepetition) * 3 / 2, IceAgent::kLeastProbeRepetition,
                        IceAgent::kMostProbeRepetition);
  }
  return IceAgent::kFirstRepetition;
}

int most_sends(IcePair::Purpose purpose) {
  switch (purpose) {
    case IcePair::Purpose::connect: break;
    case IcePair::Purpose::consent: return IceAgent::kConsentSends;
    case IcePair::Purpose::probe: return IceAgent::kProbeSends;
  }
  return IceAgent::kMaxSends;
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
  probe_selected(now);
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
  probe_at_.reset();
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
  start_check(*best, IcePair::Purpose::connect, best->nominate_next && controlling_, now);
}

void IceAgent::start_check(IcePair& pair, IcePair::Purpose purpose, bool nominating, TimePoint now) {
  pair.wanted = pair.triggered = false;
  IcePair::Check check;
  ByteWriter(check.id).u32(tag_);
  fill_random(std::span(check.id).subspan(sizeof tag_));
  check.purpose = purpose;
  check.nominating = nominating;
  check.as_controlling = controlling_;
  check.first_sent = now;
  check.interval = first_interval(purpose, rtt_);
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
    const IcePair::Purpose purpose = pair.check->purpose;
    if (pair.check->sends < most_sends(purpose)) {
      if (purpose == IcePair::Purpose::connect)
        pair.check->interval = std::min(2 * pair.check->interval, kLastRepetition);
      send_check(pair, now);
      continue;
    }
    pair.check.reset();
    pair.nominate_next = false;
    if (selected_ != pair.path) {
      pair.valid = false;
    } else if (!std::exchange(pair.silent, true)) {
      recheck_others(pair);
    }
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
  nominate_now(*best);
}

void IceAgent::choose(TimePoint now) {
  if (is_nominated()) return;
  const IcePair* best = nullptr;
  for (const IcePair& pair : pairs_)
    if (pair.valid && (best == nullptr || pair.priority > best->priority)) best = &pair;
  if (best == nullptr || selected_ == best->path) return;
  select(best->path, now);
}

void IceAgent::keep_consent(TimePoint now) {
  if (!selected_ || now < next_consent_) return;
  IcePair* pair = find_pair(*selected_);
  if (pair != nullptr && !pair->check) start_check(*pair, IcePair::Purpose::consent, false, now);
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
  out = earlier(out, probe_at_);
  return out;
}

}  // namespace cloister::videobridge::transport
