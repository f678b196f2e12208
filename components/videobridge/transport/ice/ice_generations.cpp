#include "videobridge/transport/ice/ice_generations.h"

#include <utility>

#include "base/random.h"

namespace cloister::videobridge::transport {
namespace {

constexpr std::size_t kFragmentLength = 16;  // 82 random bits: the key that PeerTable finds us by
constexpr std::size_t kPasswordLength = 26;  // 134 bits; RFC 8445 §5.3 wants 128

LocalDescription with_new_credentials(LocalDescription local) {
  local.ufrag = random_token(kFragmentLength);
  local.pwd = random_token(kPasswordLength);
  return local;
}

}  // namespace

IceGenerations::IceGenerations(bool controlling, LocalDescription local, net::Outbox& out, Drops& drops)
    : out_(out),
      drops_(drops),
      current_(
          std::make_unique<Generation>(controlling, with_new_credentials(std::move(local)), out, drops)) {}

const LocalDescription& IceGenerations::restart(TimePoint now) {
  settle(now);
  if (next_) return next_->local;
  LocalDescription local = with_new_credentials(current_->local);
  local.ice_generation = ++last_generation_;
  next_ = std::make_unique<Generation>(current_->agent.controlling(), std::move(local), out_, drops_);
  give_up_next_ = now + kRestartTimeout;
  return next_->local;
}

void IceGenerations::set_remote(const RemoteDescription& remote, TimePoint now) {
  Generation* const meant =
      next_ && remote.ice_generation == next_->local.ice_generation                       ? next_.get()
      : !remote.ice_generation || remote.ice_generation == current_->local.ice_generation ? current_.get()
                                                                                          : nullptr;
  if (meant == nullptr) return;
  IceAgent& agent = meant->agent;
  const std::string& known = agent.remote_fragment();
  if (!known.empty() && !remote.ufrag.empty() && remote.ufrag != known) return;
  if (!remote.ufrag.empty() && !remote.pwd.empty())
    agent.set_remote_credentials(remote.ufrag, remote.pwd, now);
  if (!remote.candidates.empty()) agent.add_remote_candidates(remote.candidates, now);
  settle(now);
}

// By our fragment in a request, by our tag in an answer. What names neither goes to the agent in use, which
// refuses it under its reason.
IceAgent& IceGenerations::addressee(Bytes datagram) {
  if (!next_ && !previous_) return current_->agent;
  const auto message = wire::parse_stun(datagram);
  if (!message) return current_->agent;
  const auto fragment = message->username ? wire::receiver_fragment(*message->username) : std::nullopt;
  const std::uint32_t tag = get_u32(message->id, 0);
  for (Generation* one : {next_.get(), previous_.get()}) {
    if (one == nullptr) continue;
    const bool named = message->kind == wire::StunClass::request ? fragment == one->agent.fragment()
                                                                 : tag == one->agent.tag();
    if (named) return one->agent;
  }
  return current_->agent;
}

IceAgent::Proof IceGenerations::on_stun(Bytes datagram, const net::Path& from, TimePoint now) {
  const IceAgent::Proof proof = addressee(datagram).on_stun(datagram, from, now);
  settle(now);
  return proof;
}

// The cut-over, and the ends of those that had their time.
void IceGenerations::settle(TimePoint now) {
  if (previous_ && now >= drop_previous_) previous_.reset();
  if (!next_) return;
  const IceAgent& next = next_->agent;
  // Any way is better than none.
  if (next.is_nominated() || (next.selected() && !selected())) {
    previous_ = std::exchange(current_, std::move(next_));
    drop_previous_ = now + kTransition;
  } else if (now >= give_up_next_) {
    next_.reset();
  }
}

std::vector<IceGenerations::Identity> IceGenerations::identities() const {
  std::vector<Identity> out;
  for (const Generation* one : {current_.get(), next_.get(), previous_.get()})
    if (one != nullptr) out.push_back({one->agent.fragment(), one->agent.tag()});
  return out;
}

std::optional<TimePoint> IceGenerations::next_wakeup() const {
  std::optional<TimePoint> out = current_->agent.next_wakeup();
  if (next_) out = earlier(out, earlier(next_->agent.next_wakeup(), give_up_next_));
  if (previous_) out = earlier(out, earlier(previous_->agent.next_wakeup(), drop_previous_));
  return out;
}

void IceGenerations::on_wakeup(TimePoint now) {
  for (Generation* one : {current_.get(), next_.get(), previous_.get()})
    if (one != nullptr) one->agent.on_wakeup(now);
  settle(now);
}

}  // namespace cloister::videobridge::transport
