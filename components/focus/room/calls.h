// All calls of one conference: invites its members, answers their Jingle, keeps the bridge informed and the
// sources known. Focus thread; owned by Room, which says who is a member and when there are enough.
//
// An invitation: discover (what can the client do) → allocate (on the bridge) → offer (session-initiate) →
// accepted. Nothing waits: each step goes on when its answer comes, and a late answer finds its question
// closed.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "base/clock.h"
#include "focus/bridges/bridge_list.h"
#include "focus/room/bridge_failure.h"
#include "focus/room/bridge_session.h"
#include "focus/room/call.h"
#include "focus/room/conference_identity.h"
#include "focus/room/counters.h"
#include "focus/room/relays.h"
#include "focus/room/settings.h"
#include "focus/room/source_registry.h"
#include "xmpp/stanzas.h"

namespace cloister::focus::room {

class Calls : private Relays::Port {
public:
  // What it needs of the world. No answer comes from inside these calls.
  struct Port {
    virtual ~Port() = default;
    // Answered by on_features().
    virtual void discover(const EndpointId& client, RequestId request) = 0;
    // Answered by on_jingle_answer() when the client refuses.
    virtual void send(const EndpointId& client, const xmpp::jingle::Jingle& jingle) = 0;
    // Answered by on_bridge_answer(). The order is kept.
    virtual void modify(const xmpp::Jid& bridge, const xmpp::colibri2::ConferenceModify& modify,
                        RequestId request) = 0;
  };
  using BridgeAnswer = Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError>;
  using Answer = Result<xmpp::Empty, xmpp::StanzaError>;

  // `on_bridge_state`: bridge_count() or no_bridge() changed.
  Calls(const ConferenceIdentity& conference, const RoomSettings& settings, bridges::BridgeList& bridges,
        const Clock& clock, Counters& counters, Port& port, std::function<void()> on_bridge_state);

  // Membership. A member is invited by invite_all().
  void add(Caller caller, std::optional<Features> features);
  void remove(const EndpointId& client);
  // Whether there are enough members; when so, everybody without a call is invited, now and later.
  void set_inviting(bool inviting);
  // What the bridge drops of these members, now and in calls to come, until it is said otherwise.
  void force_mute(const ForceMutes& members);
  // The last one waited in vain.
  void expire_all();
  // The conference is over: nothing is sent to clients.
  void stop();

  // Answers and requests from outside.
  void on_features(RequestId request, std::optional<Features> features);  // nothing: no answer
  void on_bridge_answer(RequestId request, const BridgeAnswer& answer);
  void on_jingle_answer(const EndpointId& client, const std::string& sid, xmpp::jingle::Action action,
                        const xmpp::StanzaError& error);
  Answer on_jingle(const EndpointId& client, const xmpp::jingle::Jingle& jingle);
  void on_bridge_available();
  void on_bridge_lost(const xmpp::Jid& bridge);
  // To another bridge, if it is this one that carries the conference and another may be chosen.
  bool move_off(const xmpp::Jid& bridge);

  std::optional<TimePoint> next_wakeup() const;
  void on_wakeup();

  // From the conference request: members beyond that number start muted. From the room's metadata: everybody.
  struct StartMuted {
    std::size_t audio_from = SIZE_MAX;
    std::size_t video_from = SIZE_MAX;
    bool audio = false;  // by the room's policy: everybody who comes
    bool video = false;
  };
  StartMuted start_muted;
  // Set by the room: no further unmuted senders.
  bool audio_limit_reached = false;
  bool video_limit_reached = false;

  bool any() const;  // somebody has a call or is being invited
  std::size_t bridge_count() const { return sessions_.size(); }
  bool no_bridge() const { return no_bridge_; }

private:
  enum class TellOthers : bool { no, yes };
  struct Pending {
    enum class Kind : std::uint8_t { allocate, update, ice_restart, relay, expire } kind;
    EndpointId endpoint;
    std::string session;
  };

  // calls.cpp: invitations and endings
  Call* find(const EndpointId& client);
  void invite(Call& call);
  void invite_idle();
  void allocate(Call& call);
  void offer(Call& call, const xmpp::IceUdpTransport& transport, std::uint16_t sctp_port);
  void end(Call& call, TellOthers tell);
  void end_and_expire(Call& call, TellOthers tell);
  void terminate(Call& call, const char* condition, const char* text);
  void reinvite(Call& call, TellOthers tell);
  void reinvite_moved(Call& call);
  void tell_others(const EndpointId& owner, xmpp::jingle::Action action,
                   const xmpp::jingle::OwnedSources& sources);
  void tell(Call& call, xmpp::jingle::Action action, const SourceMap& sources);

  // bridge_requests.cpp: the bridge
  BridgeSession* ensure_bridge(Call& call);
  BridgeSession* find_session(const std::string& id) const;
  BridgeSession* find_session_on(const xmpp::Jid& bridge) const;
  void join_bridges(const BridgeSession& session, const EndpointId& newcomer);
  void leave_bridge(BridgeSession& session, const char* why);
  void drop_session(BridgeSession& session);
  void forget_session(const BridgeSession& session);
  void set_no_bridge(bool none);
  void ask_bridge(const BridgeSession& session, const xmpp::colibri2::ConferenceModify& modify,
                  Pending::Kind kind, const EndpointId& of);
  // Relays::Port
  RequestId ask(const std::string& bridge, const Relays::Request& request) override;
  void update_bridge(const Call& call, Update update);
  void on_allocated(Call& call, const xmpp::colibri2::ConferenceModified& answer);
  void on_bridge_failure(BridgeSession& session, const Pending& of, const xmpp::StanzaError& error);

  // client_requests.cpp: Jingle from clients
  Answer accept(Call& call, const xmpp::jingle::Jingle& jingle);
  Answer add_sources(Call& call, const xmpp::jingle::Jingle& jingle);
  Answer remove_sources(Call& call, const xmpp::jingle::Jingle& jingle);
  Answer take_transport(Call& call, const xmpp::jingle::Jingle& jingle);
  Answer take_info(Call& call, const xmpp::jingle::Jingle& jingle);
  Answer restart_ice(Call& call, const xmpp::jingle::Jingle& jingle);
  void on_ice_restarted(Call& call, const xmpp::colibri2::ConferenceModified& answer);
  Answer take_termination(Call& call, const xmpp::jingle::Jingle& jingle);
  Answer answer_ended(xmpp::jingle::Action action) const;
  void flush(Call& call);

  const ConferenceIdentity& conference_;
  const RoomSettings& settings_;
  bridges::BridgeList& bridges_;
  const Clock& clock_;
  Counters& counters_;
  Port& port_;
  std::function<void()> on_bridge_state_;
  SourceRegistry sources_;
  ForceMutes force_mutes_;  // of members that are to come, too
  std::map<EndpointId, Call> calls_;
  std::vector<std::unique_ptr<BridgeSession>> sessions_;  // one, unless conferences may spread
  Relays relays_;
  std::unordered_map<RequestId, Pending> pending_;  // questions to the bridge
  RequestId last_request_ = 0;
  bool inviting_ = false;
  bool no_bridge_ = false;
};

}  // namespace cloister::focus::room
