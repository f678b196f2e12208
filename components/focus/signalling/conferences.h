// All conferences of this focus: answers requests for them, and brings each stanza and each news of a bridge
// to its room. Focus thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "focus/signalling/room_host.h"
#include "xmpp/session.h"

namespace cloister::focus::signalling {

struct ConferencesSettings {
  std::string muc_domain;  // rooms elsewhere are refused
  std::size_t max_conferences = 10000;
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
  // `done` is called once: when the room is open, or at once when it is or cannot be.
  void request(const xmpp::ConferenceRequest& request, std::function<void(Answer)> done);

  void on_bridge_available();
  void on_bridge_lost(const xmpp::Jid& bridge);
  // The stream was lost: nothing of what was is true any more.
  void drop_all();
  // Leaves all rooms and expires what is on bridges.
  void stop_all();

  std::size_t size() const { return rooms_.size(); }

private:
  struct Entry {
    std::unique_ptr<RoomHost> host;
    std::vector<std::function<void(Answer)>> waiting;
  };
  void on_room_open(const xmpp::Jid& room) override;
  void on_room_over(const xmpp::Jid& room) override;
  bool is_free(const MeetingId& meeting) override;

  RoomHost* find(const xmpp::Jid& room);
  // Makes the conference, or finds it; null when there is no place for another one.
  Entry* open(const xmpp::Jid& room, const room::RequestProperties& properties);
  Answer answer(const xmpp::Jid& room, bool ready) const;
  void answer_waiting(Entry& entry, const xmpp::Jid& room, bool ready);
  void forget(const xmpp::Jid& room);

  net::Reactor& reactor_;
  xmpp::Session& session_;
  const room::Room::Environment environment_;
  const ConferencesSettings settings_;
  std::map<xmpp::Jid, Entry> rooms_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace cloister::focus::signalling
