#include "focus/services/breakout_rooms.h"

#include <algorithm>

#include "base/random.h"

namespace cloister::focus::services {

using xmpp::ErrorCondition;
using Action = xmpp::BreakoutCommand::Action;

BreakoutRooms::BreakoutRooms(xmpp::Jid main_room, const Roster& main, std::string domain, const Clock& clock,
                             Port& port)
    : main_room_(std::move(main_room)), main_(main), domain_(std::move(domain)), clock_(clock), port_(port) {}

// Commands

Answer BreakoutRooms::on_command(const Person& from, const xmpp::BreakoutCommand& command) {
  if (!rights::grants(from.role, rights::Right::manage_breakout_rooms))
    return refuse(ErrorCondition::forbidden);
  if (command.subject.expose().size() > kLongestName) return refuse(ErrorCondition::not_acceptable);
  switch (command.action) {
    case Action::add: return add(command);
    case Action::remove: return remove(command);
    case Action::rename: return rename(command);
    case Action::move: return move(command);
  }
  return refuse(ErrorCondition::bad_request);
}

Answer BreakoutRooms::add(const xmpp::BreakoutCommand& command) {
  if (rooms_.size() >= kMost) return refuse(ErrorCondition::resource_constraint);
  // Whoever knows its name may ask for the room: nobody guesses 122 random bits.
  const auto jid = xmpp::Jid::parse(random_uuid() + "@" + domain_);
  if (!jid) return refuse(ErrorCondition::internal_server_error);
  rooms_[*jid].name = command.subject;
  ++counter_;
  changed();
  return done();
}

Answer BreakoutRooms::remove(const xmpp::BreakoutCommand& command) {
  const auto room = find_room(command.breakout_room);
  if (room == rooms_.end()) return refuse(ErrorCondition::item_not_found);
  const xmpp::Jid jid = room->first;
  rooms_.erase(room);
  port_.destroy(jid);
  changed();
  return done();
}

Answer BreakoutRooms::rename(const xmpp::BreakoutCommand& command) {
  const auto room = find_room(command.breakout_room);
  if (room == rooms_.end()) return refuse(ErrorCondition::item_not_found);
  room->second.name = command.subject;
  changed();
  return done();
}

Answer BreakoutRooms::move(const xmpp::BreakoutCommand& command) {
  if (!command.participant || !command.room) return refuse(ErrorCondition::bad_request);
  const Person* const person = find([&](const Roster& people) {
    const Person* const found = people.find_address(*command.participant);
    return found ? found : people.find_occupant(*command.participant);
  });
  const bool known = *command.room == main_room_ || rooms_.contains(*command.room);
  if (!person || !known) return refuse(ErrorCondition::item_not_found);
  port_.send_to_room(person->address, *command.room);
  return done();
}

// Comings and goings

void BreakoutRooms::on_main_changed() {
  if (!rooms_.empty()) changed();
}

Roster::Update BreakoutRooms::on_occupant(const xmpp::Jid& room, const xmpp::MucPresence& presence) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return {};
  Roster::Update update = found->second.people.update(presence);
  if (update.change != Roster::Change::none) changed();
  return update;
}

void BreakoutRooms::end() {
  for (const auto& [jid, room] : std::exchange(rooms_, {})) port_.destroy(jid);
  broadcast_at_.reset();
  destroy_at_.reset();
}

const Person* BreakoutRooms::find(const std::function<const Person*(const Roster&)>& look) const {
  if (const Person* person = look(main_)) return person;
  for (const auto& [jid, room] : rooms_)
    if (const Person* person = look(room.people)) return person;
  return nullptr;
}

std::map<xmpp::Jid, BreakoutRooms::Room>::iterator BreakoutRooms::find_room(
    const std::optional<xmpp::Jid>& room) {
  return room ? rooms_.find(*room) : rooms_.end();
}

bool BreakoutRooms::nobody_anywhere() const {
  return main_.empty() &&
         std::ranges::all_of(rooms_, [](const auto& entry) { return entry.second.people.empty(); });
}

room::Kept BreakoutRooms::kept() const {
  if (rooms_.empty()) return room::Kept::no;
  const auto leads = [](const auto& entry) { return entry.second.leads(); };
  const bool led = std::ranges::any_of(
      rooms_, [&](const auto& entry) { return std::ranges::any_of(entry.second.people.people(), leads); });
  return led ? room::Kept::led : room::Kept::yes;
}

void BreakoutRooms::keep_main() {
  const room::Kept now = kept();
  if (std::exchange(kept_, now) != now) port_.keep_main(now);
}

// Time

void BreakoutRooms::changed() {
  keep_main();
  if (!broadcast_at_) broadcast_at_ = clock_.now() + kBroadcastInterval;
  if (rooms_.empty() || !nobody_anywhere())
    destroy_at_.reset();
  else if (!destroy_at_)
    destroy_at_ = clock_.now() + kEmptyLife;
}

void BreakoutRooms::on_wakeup() {
  const TimePoint now = clock_.now();
  if (broadcast_at_ && *broadcast_at_ <= now) {
    broadcast_at_.reset();
    port_.broadcast(*this);
  }
  if (!destroy_at_ || *destroy_at_ > now) return;
  end();
  keep_main();
}

}  // namespace cloister::focus::services
