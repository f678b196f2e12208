// Who is in a room, as its services see it: by nickname and by the address that people write from. Focus
// thread; one room's.
#pragma once

#include <map>
#include <unordered_map>

#include "focus/rights/rights.h"
#include "xmpp/muc.h"

namespace cloister::focus::services {

struct Person {
  EndpointId id{};               // the nickname
  xmpp::Jid occupant{};          // room/nick
  xmpp::Jid address{};           // the real, full one: where messages go
  Personal<std::string> name{};  // as it calls itself; at most kLongestName bytes, else empty
  rights::Role role = rights::Role::participant;

  bool leads() const { return rights::leads(role); }
  friend bool operator==(const Person&, const Person&) = default;
};

class Roster {
public:
  static constexpr std::size_t kLongestName = 400;
  static constexpr std::size_t kMost = 1000;  // later ones go without services

  enum class Change : std::uint8_t { none, came, changed, left };
  // `before`: the person as it was, when it changed or left.
  struct Update {
    Change change = Change::none;
    Person before{};
  };
  // An occupant's presence; ours is not to be given.
  Update update(const xmpp::MucPresence& presence);

  const Person* find(const EndpointId& id) const;
  const Person* find_address(const xmpp::Jid& address) const;
  const Person* find_occupant(const xmpp::Jid& occupant) const;
  const std::map<EndpointId, Person>& people() const { return people_; }
  bool empty() const { return people_.empty(); }

private:
  Update remove(const EndpointId& id);

  std::map<EndpointId, Person> people_;
  std::unordered_map<xmpp::Jid, EndpointId> by_address_;
};

}  // namespace cloister::focus::services
