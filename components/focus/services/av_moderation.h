// Moderated unmute (protocol/focus.md §7.3): while a kind of media is moderated, only those who lead and
// those who were allowed may send it. What role and policy forbid is the room's own business. One room's;
// focus thread. Values in, decisions out through the Port.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "focus/room/muting.h"
#include "focus/services/answer.h"
#include "focus/services/roster.h"
#include "xmpp/service_messages.h"

namespace cloister::focus::services {

using MediaKindOf = xmpp::Mute::What;  // microphone, camera, shared screen

// What the service says; all addresses are occupants'.
struct Moderated {  // to everybody
  MediaKindOf what{};
  bool enabled = false;
  xmpp::Jid actor{};
};
struct AllowList {  // to those who lead
  MediaKindOf what{};
  std::vector<xmpp::Jid> allowed{};
  bool removed = false;  // somebody was taken off it
};
struct Verdict {  // to the person itself
  MediaKindOf what{};
  bool approved = false;
};

class AvModeration {
public:
  struct Port {
    virtual ~Port() = default;
    virtual void tell(const Person& to, const Moderated& moderated) = 0;
    virtual void tell(const Person& to, const AllowList& list) = 0;
    virtual void tell(const Person& to, const Verdict& verdict) = 0;
    // What reaches the others, from now on.
    virtual void restrain(const std::map<EndpointId, room::MaySend>& people) = 0;
    // Asks somebody's client to mute itself.
    virtual void ask_to_mute(const EndpointId& whom, MediaKindOf what) = 0;
    // Those who come from now on start with this kind muted; false: as it was before.
    virtual void on_moderated(MediaKindOf what, bool enabled) = 0;
  };

  AvModeration(const Roster& roster, Port& port) : roster_(roster), port_(port) {}

  // A command of `from`, who is in the roster. Refused: forbidden (no right), bad-request (unknown media
  // type), item-not-found (nobody of that address), not-allowed (somebody who leads cannot be silenced).
  Answer on_command(const Person& from, const xmpp::AvModerationCommand& command);

  // The roster has changed already.
  void on_came(const Person& person);
  void on_changed(const Person& before, const Person& person);
  void on_left(const Person& person);

  bool is_moderated(MediaKindOf what) const { return states_[index(what)].enabled; }
  room::MaySend may_send(const Person& person) const;

private:
  struct State {
    bool enabled = false;
    xmpp::Jid actor{};
    std::set<EndpointId> allowed{};
  };
  static std::size_t index(MediaKindOf what) { return static_cast<std::size_t>(what); }

  Answer enable(const Person& from, MediaKindOf what);
  Answer disable(const Person& from, MediaKindOf what);
  Answer allow(MediaKindOf what, const xmpp::Jid& whom);
  Answer block(MediaKindOf what, const xmpp::Jid& whom);
  bool may_send(const Person& person, MediaKindOf what) const;
  void restrain_everybody();
  void restrain(const Person& person) {
    port_.restrain({
        {person.id, may_send(person)}
    });
  }
  AllowList list(MediaKindOf what, bool removed) const;
  void tell_leaders(MediaKindOf what, bool removed);

  const Roster& roster_;
  Port& port_;
  std::array<State, 3> states_{};
};

}  // namespace cloister::focus::services
