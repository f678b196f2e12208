// The life of one conference, from the request to the last one's leaving: its members and their rights, when
// calls are made, what our presence says. Values in, decisions out through the Port; no XML, no timers.
// Focus thread. Its owner destroys it after on_over().
//
//   opening ──on_joined()──▶ open ──last one left, nobody came, destroyed, not owner any more──▶ over
#pragma once

#include <map>
#include <optional>

#include "focus/rights/hosts.h"
#include "focus/rights/rights.h"
#include "focus/room/calls.h"
#include "focus/room/features_cache.h"
#include "focus/room/kept.h"
#include "focus/room/muting.h"
#include "focus/room/ownership.h"
#include "focus/room/senders.h"
#include "xmpp/muc.h"

namespace cloister::focus::room {

// As of the conference request (protocol/focus.md §2.1).
using RequestProperties = std::map<std::string, std::string>;

class Room {
public:
  struct Port : Calls::Port {
    // Our presence in the room; replaces the former.
    virtual void publish(const xmpp::MucSelfPresence& presence) = 0;
    // Answered by on_grant_refused(), or by the member's next presence.
    virtual void grant_owner(const EndpointId& member, const xmpp::Jid& bare) = 0;
    virtual void send_mute(const EndpointId& member, const xmpp::Mute& mute) = 0;
    // The conference has ended; the room is to be left. The last call.
    virtual void on_over() = 0;
  };
  // What all rooms of a process share.
  struct Environment {
    const RoomSettings& settings;
    bridges::BridgeList& bridges;
    FeaturesCache& features;
    const Clock& clock;
    Counters& counters;
    xmpp::Caps caps;  // ours
  };

  Room(Environment environment, xmpp::Jid room, xmpp::Jid focus, RequestProperties properties, Port& port);
  ~Room();
  Room(const Room&) = delete;
  Room& operator=(const Room&) = delete;

  // A conference request: somebody is about to come.
  void on_request();
  // We are in, and the configuration is done. Members that were there before are known already.
  void on_joined(MeetingId meeting);
  void on_occupant(const xmpp::MucPresence& presence);
  // Our own standing changed, or we were removed.
  void on_self(const xmpp::MucPresence& self);
  void on_removed() { stop(); }
  void on_grant_refused(const EndpointId& member);
  Calls::Answer on_mute(const EndpointId& from, const xmpp::Mute& mute);
  // Jingle of a client, after what it has no right to send was taken out of it or refused.
  Calls::Answer on_jingle(const EndpointId& from, xmpp::jingle::Jingle jingle);
  void on_discovered(const EndpointId& client, RequestId request, const xmpp::DiscoInfo* info);
  void stop();

  // What these members may send, also of those that are to come. Takes effect at the bridge at once.
  void restrain(const std::map<EndpointId, MaySend>& members);
  // Asks clients to mute themselves, in nobody's name.
  void ask_to_mute(const EndpointId& member, xmpp::Mute::What what);
  // While it is kept, it stays open when its last member leaves; and has its hosts when they are elsewhere.
  void keep(Kept kept);

  // People came to the room's door. True: so many that the meeting is to be locked.
  bool on_crowd(const xmpp::Crowd& crowd);

  // Rights (focus/rights). Whether this account hosts the meeting; the first one that asks does.
  bool claim(const rights::Account& account) { return hosts_.claim(account); }
  // Nothing: nobody of that name is in.
  std::optional<rights::Role> role_of(const EndpointId& member) const;
  bool may(const EndpointId& member, rights::Right right) const;
  const rights::Policy& policy() const { return policy_; }
  // Of the meeting that this breakout room belongs to.
  void adopt(const rights::Policy& policy);
  Calls::Answer change_policy(const EndpointId& by, const std::map<std::string, bool>& switches);

  Calls& calls() { return calls_; }
  bool is_open() const { return state_ == State::open; }
  bool is_over() const { return state_ == State::over; }
  // It is over because nobody leads it any more; who is still in is to be told.
  bool was_left_by_its_hosts() const { return state_ == State::over && left_by_hosts_; }
  const xmpp::Jid& jid() const { return conference_.room; }
  std::size_t size() const { return members_.size(); }

  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup();

private:
  enum class State : std::uint8_t { opening, open, over };
  struct Member {
    std::uint64_t order = 0;  // of coming
    xmpp::Jid occupant{};
    std::optional<xmpp::Jid> real_jid{};
    xmpp::Affiliation affiliation = xmpp::Affiliation::none;
    xmpp::Role role = xmpp::Role::none;
    std::optional<xmpp::Caps> caps{};
    Personal<std::string> stats_id{};
    std::string region{};
    Sending sending{};

    rights::Role rights_role() const { return rights::role_of(affiliation, role); }
  };

  void update_member(const xmpp::MucPresence& presence);
  void remove_member(const EndpointId& id, bool switching_room = false);
  void make_caller(const EndpointId& id, const Member& member);
  void react();
  void elect();
  void watch_the_hosts();
  void watch_the_last_one();
  void check_limits();
  void publish();
  void update_bridge(const EndpointId& member);
  void permit(const EndpointId& id, const Member& member);
  void on_empty(bool switching_room);

  const Environment environment_;
  const RoomSettings& settings_;
  Port& port_;
  ConferenceIdentity conference_;
  State state_ = State::opening;
  std::map<EndpointId, Member> members_;
  std::uint64_t last_order_ = 0;
  Ownership ownership_;
  rights::Hosts hosts_;
  rights::Policy policy_;
  rights::Crowd crowd_;
  Calls calls_;
  Muting muting_;
  Kept kept_ = Kept::no;
  bool left_by_hosts_ = false;
  std::optional<TimePoint> nobody_came_at_;
  std::optional<TimePoint> alone_at_;
};

// A nickname that can be an endpoint id; "jvb" and "focus" are taken.
bool is_endpoint_id(const EndpointId& nick);

}  // namespace cloister::focus::room
