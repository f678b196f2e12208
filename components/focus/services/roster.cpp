#include "focus/services/roster.h"

namespace cloister::focus::services {

Roster::Update Roster::update(const xmpp::MucPresence& presence) {
  if (presence.error) return {};
  if (!presence.available) return remove(presence.nick);
  const auto found = people_.find(presence.nick);
  if (found == people_.end() && (!presence.real_jid || people_.size() >= kMost)) return {};
  Person person = found == people_.end() ? Person{} : found->second;
  person.id = presence.nick;
  person.occupant = presence.occupant;
  if (presence.real_jid) person.address = *presence.real_jid;
  person.name =
      presence.display_name.expose().size() <= kLongestName ? presence.display_name : Personal<std::string>();
  person.role = rights::role_of(presence.affiliation, presence.role);
  if (found == people_.end()) {
    by_address_[person.address] = person.id;
    people_.emplace(presence.nick, std::move(person));
    return {.change = Change::came};
  }
  if (found->second == person) return {};
  by_address_.erase(found->second.address);
  by_address_[person.address] = person.id;
  return {.change = Change::changed, .before = std::exchange(found->second, std::move(person))};
}

Roster::Update Roster::remove(const EndpointId& id) {
  const auto found = people_.find(id);
  if (found == people_.end()) return {};
  Update update{.change = Change::left, .before = std::move(found->second)};
  people_.erase(found);
  by_address_.erase(update.before.address);
  return update;
}

const Person* Roster::find(const EndpointId& id) const {
  const auto found = people_.find(id);
  return found == people_.end() ? nullptr : &found->second;
}

const Person* Roster::find_address(const xmpp::Jid& address) const {
  const auto found = by_address_.find(address);
  return found == by_address_.end() ? nullptr : find(found->second);
}

const Person* Roster::find_occupant(const xmpp::Jid& occupant) const {
  const Person* const person = find(EndpointId(std::string(occupant.resource())));
  return person && person->occupant == occupant ? person : nullptr;
}

}  // namespace cloister::focus::services
