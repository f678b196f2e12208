#include "focus/signalling/services.h"

#include <algorithm>
#include <utility>

namespace cloister::focus::signalling {

using services::Answer;
using services::Roster;
using xmpp::ErrorCondition;

namespace {

std::size_t index(ServiceKind kind) { return static_cast<std::size_t>(kind); }

// The room that a message names, when its kind can.
struct NamedRoom {
  using Room = std::optional<xmpp::Jid>;
  Room operator()(const xmpp::JsonMessage& message) const { return message.room; }
  Room operator()(const xmpp::RoomMetadataCommand& command) const { return command.room; }
  Room operator()(const xmpp::DominantSpeakerReport& report) const { return report.room; }
  Room operator()(const xmpp::AvModerationCommand&) const { return std::nullopt; }
  Room operator()(const xmpp::EndConferenceCommand&) const { return std::nullopt; }
  Room operator()(const xmpp::BreakoutCommand&) const { return std::nullopt; }
};

}  // namespace

void Services::add(ServiceKind kind, xmpp::Session& session) {
  sessions_.at(index(kind)) = &session;
  session.router().on_service_message(
      [this, kind](const xmpp::ServiceMessage& message) { on_message(kind, message.from, message); });
}

// Only the module can speak as "breakout.D/<somebody>": addresses of people in its rooms have a local part.
void Services::add_breakout_rooms(xmpp::Session& focus, std::string domain) {
  sessions_.at(index(ServiceKind::breakout_rooms)) = &focus;
  breakout_ = xmpp::Jid::parse(domain).value_or(xmpp::Jid());
  focus.router().on_service_message([this](const xmpp::ServiceMessage& message) {
    if (message.from.domain() != breakout_.domain() || !message.from.local().empty()) return;
    if (const auto from = xmpp::Jid::parse(message.from.resource()))
      on_message(ServiceKind::breakout_rooms, *from, message);
  });
}

// Rooms

void Services::on_room(const xmpp::Jid& room, RoomControl& control) {
  RoomServices::Port& port = *this;
  rooms_[room] = std::make_unique<RoomServices>(
      reactor_, clock_,
      RoomServices::Place{
          .room = room, .main = main_room_of(room), .breakout_domain = std::string(breakout_.domain())},
      control, port);
}

void Services::on_room_open(const xmpp::Jid& room) {
  if (RoomServices* const found = find(room)) found->on_open();
}

void Services::on_occupant(const xmpp::Jid& room, const xmpp::MucPresence& presence) {
  RoomServices* const found = find(room);
  if (!found) return;
  const Roster::Update update = found->on_occupant(presence);
  if (update.change == Roster::Change::came && presence.real_jid) whereabouts_[*presence.real_jid] = room;
  if (update.change != Roster::Change::left) return;
  const auto where = whereabouts_.find(update.before.address);
  if (where != whereabouts_.end() && where->second == room) whereabouts_.erase(where);
}

void Services::on_room_over(const xmpp::Jid& room) {
  const auto found = rooms_.find(room);
  if (found == rooms_.end()) return;
  found->second->on_over();
  rooms_.erase(room);
  std::erase_if(whereabouts_, [&](const auto& entry) { return entry.second == room; });
}

void Services::on_all_dropped() {
  rooms_.clear();
  whereabouts_.clear();
}

std::optional<xmpp::Jid> Services::main_room_of(const xmpp::Jid& room) const {
  if (breakout_.empty() || room.domain() != breakout_.domain()) return std::nullopt;
  for (const auto& [jid, services] : rooms_)
    if (services->breakouts().has(room)) return jid;
  return std::nullopt;
}

RoomServices* Services::find(const xmpp::Jid& room) {
  const auto found = rooms_.find(room);
  return found == rooms_.end() ? nullptr : found->second.get();
}

// Messages

void Services::on_message(ServiceKind kind, const xmpp::Jid& from, const xmpp::ServiceMessage& message) {
  if (is_waiting(from) && waiting_.size() < kMostWaiting) return wait(kind, from, message);
  const Answer answer = dispatch(kind, from, message.content);
  if (answer) return;
  if (answer.error() == ErrorCondition::forbidden && waiting_.size() < kMostWaiting)
    return wait(kind, from, message);
  sessions_.at(index(kind))->refuse(message, xmpp::StanzaError{.condition = answer.error()});
}

bool Services::is_waiting(const xmpp::Jid& from) const {
  return std::ranges::find(waiting_, from, &Waiting::from) != waiting_.end();
}

void Services::wait(ServiceKind kind, const xmpp::Jid& from, const xmpp::ServiceMessage& message) {
  Waiting& added = waiting_.emplace_back(Waiting{kind, from, message, net::Timer(reactor_)});
  added.timer.start(patience_, [this] { judge_first_waiting(); });
}

void Services::judge_first_waiting() {
  const Waiting first = std::move(waiting_.front());
  waiting_.pop_front();
  const Answer answer = dispatch(first.kind, first.from, first.message.content);
  const xmpp::ServiceMessage& message = first.message;
  const ServiceKind kind = first.kind;
  if (!answer) sessions_.at(index(kind))->refuse(message, xmpp::StanzaError{.condition = answer.error()});
}

// Somebody who is not in the room hears the same of any room, whether it exists or not.
Answer Services::dispatch(ServiceKind kind, const xmpp::Jid& from, const xmpp::ServiceContent& content) {
  std::optional<xmpp::Jid> room = std::visit(NamedRoom{}, content);
  if (const auto where = whereabouts_.find(from); !room && where != whereabouts_.end()) room = where->second;
  RoomServices* const found = room ? find(room->bare()) : nullptr;
  const services::Person* const person = found ? found->people().find_address(from) : nullptr;
  if (!person) return services::refuse(ErrorCondition::forbidden);
  return found->on_message(*person, kind, content);
}

void Services::say(ServiceKind as, const xmpp::Jid& to, const xmpp::Jid& room,
                   const Personal<std::string>& json) {
  xmpp::Session* const session = sessions_.at(index(as));
  if (!session || !session->online()) return;
  const bool by_proxy = as == ServiceKind::breakout_rooms;
  session->send_json(session->jid(), by_proxy ? breakout_.with_resource(to.text_for_wire()) : to,
                     {.room = room, .text = json});
}

}  // namespace cloister::focus::signalling
