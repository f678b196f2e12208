// A full ICE agent for one component (RFC 8445, RFC 7675): answers the peer's checks, sends its own,
// nominates, keeps consent. Works without any remote candidate, for a Jitsi client signals none: the address
// is learned from its checks. There is no frozen state, since with one component pacing alone orders the
// checks. Shard thread only.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "net/outbox.h"
#include "videobridge/transport/ice/ice_pair.h"
#include "videobridge/transport/model/description.h"
#include "videobridge/transport/model/drop.h"
#include "wire/hmac_sha1.h"
#include "wire/stun.h"

namespace cloister::videobridge::transport {

class IceAgent {
public:
  //  idle ──remote credentials──▶ checking ──first answer──▶ connected ──30 s silent──▶ lost
  //                                   └──30 s without──▶ failed
  // From failed and lost an answered check leads back to connected.
  enum class State : std::uint8_t { idle, checking, connected, failed, lost };

  static constexpr Duration kPacing = 20ms;            // Ta
  static constexpr Duration kFirstRepetition = 100ms;  // RTO
  static constexpr Duration kLastRepetition = 1600ms;
  static constexpr int kMaxSends = 7;
  static constexpr std::size_t kMaxPairs = 100;
  static constexpr Duration kRelayedPatience = 800ms;  // a relayed pair is nominated only after that
  static constexpr Duration kConnectTimeout = 30s;
  static constexpr Duration kConsentInterval = 5s;  // × 0.8…1.2 (RFC 7675 §5.1)
  static constexpr Duration kConsentRepetition = 500ms;
  static constexpr int kConsentSends = 6;
  static constexpr int kProbeSends = 4;
  static constexpr Duration kLeastProbeRepetition = 50ms;  // else 1.5 round trips
  static constexpr Duration kMostProbeRepetition = 200ms;
  static constexpr Duration kProbeInterval = 1s;  // not more often
  // The selected pair was silent for so long while the peer's media came by another one: it has moved there.
  // What is only overtaken on the way comes closer together.
  static constexpr Duration kQuiet = 100ms;
  static constexpr Duration kConsentExpiry = 30s;
  // A browser checks its pair every 2.5 s; when it is silent for longer while it checks another pair, it has
  // moved there, whatever a probe says.
  static constexpr Duration kStale = 5s;

  IceAgent(bool controlling, const LocalDescription& local, net::Outbox& out, Drops& drops);

  // Checks begin. Later calls are ignored: other credentials are an ICE restart, which is another agent.
  void set_remote_credentials(std::string_view ufrag, std::string_view pwd, TimePoint now);
  // Pairs each with our candidates of its family. Known ones are ignored.
  void add_remote_candidates(std::span<const Candidate> candidates, TimePoint now);

  // A STUN datagram. What it proves about the sender:
  enum class Proof : std::uint8_t { none, request, answer };
  Proof on_stun(Bytes datagram, const net::Path& from, TimePoint now);

  // An authentic packet that was not a replay. Once the peer's media comes by another valid pair, that one is
  // nominated; a path that no check has validated is never chosen by it.
  void on_media(const net::Path& from, TimePoint now) {
    if (selected_ == from)
      selected_media_ = now;
    else
      on_media_elsewhere(from, now);
  }

  State state() const { return state_; }
  const std::string& fragment() const { return ufrag_; }
  const std::string& remote_fragment() const { return remote_ufrag_; }
  bool controlling() const { return controlling_; }
  // The first four bytes of the transaction ids of our checks: who receives an answer from an unknown address
  // knows whose it is.
  std::uint32_t tag() const { return tag_; }
  // Where to send: the nominated pair, or the best valid one until there is one. Nothing without consent.
  const std::optional<net::Path>& selected() const { return selected_; }
  bool is_nominated() const;
  std::optional<Duration> rtt() const { return rtt_; }

  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup(TimePoint now);

private:
  Proof on_request(const wire::StunMessage& request, const net::Path& from, TimePoint now);
  Proof on_answer(const wire::StunMessage& answer, const net::Path& from, TimePoint now);
  bool is_for_us(std::string_view username) const;
  // False when the request lost the conflict and was answered with an error.
  bool settle_roles(const wire::StunMessage& request, const net::Path& from);
  void become(bool controlling);
  void on_valid(IcePair& pair, bool nominated, TimePoint now);
  void on_refused(IcePair& pair, const IcePair::Check& check, std::uint16_t error);

  IcePair* find_pair(const net::Path& path);
  IcePair* add_pair(const net::Path& path, CandidateType remote_type, std::uint32_t remote_priority);
  std::uint32_t local_priority(std::uint8_t socket) const;

  void run(TimePoint now);
  void start_next_check(TimePoint now);
  void repeat_checks(TimePoint now);
  void nominate(TimePoint now);
  void keep_consent(TimePoint now);
  void choose(TimePoint now);
  void expire(TimePoint now);
  void select(const net::Path& path, TimePoint now);

  // ice_moves.cpp: the peer leaves the selected pair for another one.
  void on_media_elsewhere(const net::Path& from, TimePoint now);
  void suspect_selected(TimePoint now);
  void probe_selected(TimePoint now);
  void follow_moved_peer(TimePoint now);
  bool is_quiet(const IcePair& selected, TimePoint now, Duration least) const;
  void nominate_now(IcePair& pair);
  void recheck_others(const IcePair& silent);

  void start_check(IcePair& pair, IcePair::Purpose purpose, bool nominating, TimePoint now);
  void send_check(IcePair& pair, TimePoint now);
  void send_success(const wire::StunMessage& request, const net::Path& to);
  void send_error(const wire::StunMessage& request, const net::Path& to, std::uint16_t code,
                  std::string_view reason);

  bool controlling_;
  std::uint64_t tie_breaker_;
  std::uint32_t tag_;
  std::string ufrag_;
  std::vector<Candidate> local_;
  wire::HmacSha1 local_key_;
  std::string remote_ufrag_;
  std::optional<wire::HmacSha1> remote_key_;
  net::Outbox& out_;
  Drops& drops_;

  State state_ = State::idle;
  std::vector<IcePair> pairs_;
  std::optional<net::Path> selected_;
  TimePoint selected_media_{};         // last authentic packet on the selected pair, or when that was chosen
  std::optional<TimePoint> probe_at_;  // unless something comes by the selected pair until then
  TimePoint next_probe_{};             // not before
  std::optional<Duration> rtt_;
  TimePoint next_check_{};  // pacing: not before
  TimePoint deadline_{};    // of the first answer
  std::optional<TimePoint> first_valid_;
  TimePoint next_consent_{};
  TimePoint consent_until_{};
};

}  // namespace cloister::videobridge::transport
