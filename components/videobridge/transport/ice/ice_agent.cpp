// What comes in: the peer's requests and the answers to ours. What the agent does by itself is in
// ice_checks.cpp.
#include "videobridge/transport/ice/ice_agent.h"

#include <algorithm>

#include "base/random.h"

namespace cloister::videobridge::transport {

IceAgent::IceAgent(bool controlling, const LocalDescription& local, net::Outbox& out, Drops& drops)
    : controlling_(controlling),
      tie_breaker_(random_u64()),
      tag_(random_u32()),
      ufrag_(local.ufrag),
      local_(local.candidates),
      local_key_(as_bytes(local.pwd)),
      out_(out),
      drops_(drops) {}

void IceAgent::set_remote_credentials(std::string_view ufrag, std::string_view pwd, TimePoint now) {
  if (remote_key_) return;
  remote_ufrag_ = ufrag;
  remote_key_.emplace(as_bytes(pwd));
  state_ = State::checking;
  deadline_ = now + kConnectTimeout;
  run(now);
}

void IceAgent::add_remote_candidates(std::span<const Candidate> candidates, TimePoint now) {
  for (const Candidate& remote : candidates) {
    for (const Candidate& ours : local_) {
      if (ours.address.family() != remote.address.family()) continue;
      // A reflexive candidate sends from its base, so it makes the same pair as the host candidate of its
      // socket (RFC 8445 §6.1.2.4).
      const net::Path path(remote.address, ours.socket);
      if (find_pair(path) == nullptr) add_pair(path, remote.type, remote.priority);
    }
  }
  run(now);
}

IceAgent::Proof IceAgent::on_stun(Bytes datagram, const net::Path& from, TimePoint now) {
  const auto message = wire::parse_stun(datagram);
  if (!message) {
    drops_.add(Drop::stun_malformed);
    return Proof::none;
  }
  switch (message->kind) {
    case wire::StunClass::request: return on_request(*message, from, now);
    case wire::StunClass::success:
    case wire::StunClass::error: return on_answer(*message, from, now);
    case wire::StunClass::indication:
      break;  // a keep-alive (RFC 8445 §11); nothing to answer, nothing proven
  }
  return Proof::none;
}

bool IceAgent::is_for_us(std::string_view username) const {
  const auto receiver = wire::receiver_fragment(username);
  if (!receiver || *receiver != ufrag_) return false;
  return !remote_key_ || username.substr(receiver->size() + 1) == remote_ufrag_;
}

IceAgent::Proof IceAgent::on_request(const wire::StunMessage& request, const net::Path& from, TimePoint now) {
  // Without the password there is no answer at all, so nobody can use us as an echo.
  if (!request.username || !is_for_us(*request.username) || !has_integrity(request, local_key_)) {
    drops_.add(Drop::stun_unauthorized);
    return Proof::none;
  }
  if (request.unknown_required != 0) {
    send_error(request, from, wire::kStunUnknownAttribute, "Unknown Attribute");
    return Proof::request;
  }
  if (!request.priority) {
    send_error(request, from, wire::kStunBadRequest, "Bad Request");
    return Proof::request;
  }
  if (!settle_roles(request, from)) return Proof::request;
  // Our own password signs the answer, so it need not wait for the peer's credentials; only our own check
  // does.
  send_success(request, from);
  IcePair* pair = find_pair(from);
  if (pair == nullptr) pair = add_pair(from, CandidateType::peer_reflexive, *request.priority);
  if (pair == nullptr) return Proof::request;
  pair->last_heard = now;
  pair->silent = false;
  if (request.use_candidate && !controlling_) pair->peer_nominated = true;
  if (!pair->valid && !pair->check) pair->wanted = pair->triggered = true;
  if (pair->valid && pair->peer_nominated && !pair->nominated) on_valid(*pair, true, now);
  if (pair->valid && selected_ != from) suspect_selected(now);
  run(now);
  return Proof::request;
}

// RFC 8445 §7.3.1.1
bool IceAgent::settle_roles(const wire::StunMessage& request, const net::Path& from) {
  const auto& theirs = controlling_ ? request.controlling : request.controlled;
  if (!theirs) return true;
  const bool we_stay_controlling = tie_breaker_ >= *theirs;
  if (controlling_ == we_stay_controlling) {
    send_error(request, from, wire::kStunRoleConflict, "Role Conflict");
    return false;
  }
  become(we_stay_controlling);
  return true;
}

void IceAgent::become(bool controlling) {
  controlling_ = controlling;
  for (IcePair& pair : pairs_) pair.nominate_next = false;
}

IceAgent::Proof IceAgent::on_answer(const wire::StunMessage& answer, const net::Path& from, TimePoint now) {
  const auto pair = std::ranges::find_if(pairs_, [&](const IcePair& one) {
    return one.check && one.check->id == answer.id && one.path == from;
  });
  if (pair == pairs_.end()) {
    drops_.add(Drop::stun_unexpected);
    return Proof::none;
  }
  if (!remote_key_ || !has_integrity(answer, *remote_key_)) {
    drops_.add(Drop::stun_unauthorized);
    return Proof::none;
  }
  const IcePair::Check check = *pair->check;
  pair->check.reset();
  pair->last_heard = now;
  pair->silent = false;
  // An answer that asks to be understood and is not counts as a failure (RFC 8489 §6.3.3).
  if (answer.kind == wire::StunClass::error || answer.unknown_required != 0) {
    on_refused(*pair, check, answer.error_code);
  } else {
    if (check.sends == 1) {  // a repeated check does not say which of its copies was answered
      const Duration sample = now - check.first_sent;
      rtt_ = rtt_ ? (*rtt_ * 7 + sample) / 8 : sample;
    }
    on_valid(*pair, check.nominating || pair->peer_nominated, now);
    if (selected_ != pair->path) suspect_selected(now);
  }
  run(now);
  return Proof::answer;
}

void IceAgent::on_refused(IcePair& pair, const IcePair::Check& check, std::uint16_t error) {
  if (error != wire::kStunRoleConflict) {
    pair.valid = pair.nominate_next = false;
    return;
  }
  // RFC 8445 §7.2.5.1: change sides unless that happened already, and ask again.
  if (controlling_ == check.as_controlling) {
    become(!controlling_);
    tie_breaker_ = random_u64();
  }
  pair.wanted = pair.triggered = true;
}

void IceAgent::on_valid(IcePair& pair, bool nominated, TimePoint now) {
  pair.valid = true;
  if (!first_valid_) first_valid_ = now;
  if (nominated) {
    for (IcePair& other : pairs_) other.nominated = other.nominate_next = false;
    pair.nominated = true;
    pair.peer_nominated = false;
    select(pair.path, now);
  }
  if (state_ != State::connected) {
    state_ = State::connected;
    next_consent_ = now + kConsentInterval;
    consent_until_ = now + kConsentExpiry;
  }
  choose(now);
  if (selected_ == pair.path) consent_until_ = now + kConsentExpiry;
}

void IceAgent::select(const net::Path& path, TimePoint now) {
  if (selected_ == path) return;
  // What was left for its silence has to prove itself before it is used again.
  if (IcePair* left = selected_ ? find_pair(*selected_) : nullptr; left != nullptr && left->silent)
    left->valid = false;
  selected_ = path;
  selected_media_ = now;
  consent_until_ = now + kConsentExpiry;
}

IcePair* IceAgent::find_pair(const net::Path& path) {
  const auto found = std::ranges::find(pairs_, path, &IcePair::path);
  return found == pairs_.end() ? nullptr : &*found;
}

std::uint32_t IceAgent::local_priority(std::uint8_t socket) const {
  const auto found = std::ranges::find(local_, socket, &Candidate::socket);
  return found == local_.end() ? candidate_priority(CandidateType::host, 0) : found->priority;
}

IcePair* IceAgent::add_pair(const net::Path& path, CandidateType remote_type, std::uint32_t remote_priority) {
  if (pairs_.size() == kMaxPairs) {
    const auto useless =
        std::ranges::find_if(pairs_, [](const IcePair& one) { return !one.valid && !one.check; });
    if (useless == pairs_.end()) return nullptr;
    pairs_.erase(useless);
  }
  IcePair pair;
  pair.path = path;
  pair.remote_type = remote_type;
  const std::uint32_t ours = local_priority(path.socket);
  pair.priority = controlling_ ? pair_priority(ours, remote_priority) : pair_priority(remote_priority, ours);
  pairs_.push_back(pair);
  return &pairs_.back();
}

bool IceAgent::is_nominated() const {
  return selected_ && std::ranges::any_of(pairs_, [this](const IcePair& one) {
           return one.nominated && one.path == *selected_;
         });
}

void IceAgent::send_success(const wire::StunMessage& request, const net::Path& to) {
  const std::size_t length = wire::StunWriter(out_.reserve(), wire::StunClass::success, request.id)
                                 .mapped_address(to.remote)
                                 .finish(local_key_);
  out_.commit(length, to);
}

void IceAgent::send_error(const wire::StunMessage& request, const net::Path& to, std::uint16_t code,
                          std::string_view reason) {
  wire::StunWriter answer(out_.reserve(), wire::StunClass::error, request.id);
  answer.error(code, reason);
  if (code == wire::kStunUnknownAttribute) answer.unknown_attribute(request.unknown_required);
  out_.commit(answer.finish(local_key_), to);
}

}  // namespace cloister::videobridge::transport
