// All conferences of this focus: answers requests for them, and brings each stanza and each news of a bridge
// to its room. Focus thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "focus/rights/host_sessions.h"
#include "focus/signalling/room_host.h"
#include "xmpp/session.h"

namespace cloister::focus::signalling {

struct ConferencesSettings {
  std::string muc_domain;     // rooms elsewhere are refused
  std::string host_domain{};  // who has an address there has signed in
  std::size_t max_conferences = 10000;
  // Who may start a meeting, and whose it is.
  rights::HostSettings hosts{};
};

class Conferences final : private RoomHost::Listener {
public:
  using Answer = Result<xmpp::ConferenceAnswer, xmpp::StanzaError>;
  // Requests that wait for one room to open; later ones are told to ask again.
  static constexpr std::size_t kMaxWaiting = 100;

  // `session` is the client connection, the one that is in the rooms. Registers for Jingle, mute and
  // conference requests there; `answer_requests_at()` adds the component.
  Conferences(net::Reactor& reactor, xmpp::Session& session, room::Room::Environment environment,
              ConferencesSettings settings);

  void answer_requests_at(xmpp::Session& session);
  // Whom to tell of addresses from which a meeting was stormed; nobody at first.
  using Ban = std::function<void(std::vector<Personal<std::string>> addresses)>;
  void ban_by(Ban ban) { ban_ = std::move(ban); }
  // Tells the services what happens, from now on; before the first conference.
  void watch(RoomWatcher& watcher) { watcher_ = &watcher; }
  // `from` is the real full address of who asks, unless it asks over HTTP. `done` is called once: when the
  // room is open and a host is made its owner, or at once when it is or cannot be.
  void request(const xmpp::ConferenceRequest& request, const std::optional<xmpp::Jid>& from,
               std::function<void(Answer)> done);

  void on_bridge_available();
  void on_bridge_lost(const xmpp::Jid& bridge);
  // The largest conference on this bridge moves to another one. False: there is none, or nowhere to go.
  bool move_one_off(const xmpp::Jid& bridge);
  // The stream was lost: nothing of what was is true any more.
  void drop_all();
  // Leaves all rooms and expires what is on bridges.
  void stop_all();

  std::size_t size() const { return rooms_.size(); }
  std::vector<std::size_t> sizes() const;  // members of each conference

private:
  using Identity = std::optional<rights::HostSessions::Identity>;
  // Somebody who waits for an answer.
  struct Asker {
    std::optional<xmpp::Jid> from;
    Identity identity;
    std::function<void(Answer)> done;
  };
  struct Entry {
    std::unique_ptr<RoomHost> host;
    std::vector<Asker> waiting;
  };
  void on_room_open(const xmpp::Jid& room) override;
  void on_occupant(const xmpp::Jid& room, const xmpp::MucPresence& presence) override;
  void on_room_over(const xmpp::Jid& room) override;
  void on_policy(const xmpp::Jid& room) override;
  void on_stormed(std::vector<Personal<std::string>> addresses) override {
    if (ban_) ban_(std::move(addresses));
  }
  bool is_free(const MeetingId& meeting) override;

  RoomHost* find(const xmpp::Jid& room);
  std::optional<xmpp::Jid> main_room_of(const xmpp::Jid& room) const;
  bool is_running(const xmpp::Jid& room) const;
  // Makes the conference, or finds it; null when there is no place for another one.
  Entry* open(const xmpp::Jid& room, const room::RequestProperties& properties);
  // With a host it is made sure first that the room knows it.
  void let_in(Entry& entry, const xmpp::Jid& room, const Asker& asker);
  Answer answer(const xmpp::Jid& room, bool ready, const Identity& identity = {}) const;
  void answer_waiting(Entry& entry, const xmpp::Jid& room, bool ready);
  void answer_logins_at(xmpp::Session& session);
  void hear_of_crowds();
  void remember_host(const xmpp::Jid& room, const xmpp::MucPresence& presence);
  void forget(const xmpp::Jid& room);

  net::Reactor& reactor_;
  xmpp::Session& session_;
  const room::Room::Environment environment_;
  const ConferencesSettings settings_;
  const room::RoomSettings breakout_settings_;
  RoomWatcher* watcher_ = nullptr;
  rights::HostSessions sessions_;
  Ban ban_;
  std::map<xmpp::Jid, Entry> rooms_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace cloister::focus::signalling
