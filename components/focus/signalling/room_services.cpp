#include "focus/signalling/room_services.h"

#include <algorithm>
#include <variant>

#include "focus/signalling/service_json.h"

namespace cloister::focus::signalling {

using services::Answer;
using services::Person;
using services::refuse;
using services::Roster;
using xmpp::ErrorCondition;

namespace {

constexpr const char* kEnded = "The meeting has been terminated";
constexpr const char* kRemoved = "Breakout room removed.";
constexpr Duration kEntering = 5s;  // from the door until we hear of it, at most

// Which service a message is for.
struct ServiceOf {
  ServiceKind operator()(const xmpp::JsonMessage&) const { return ServiceKind::polls; }
  ServiceKind operator()(const xmpp::AvModerationCommand&) const { return ServiceKind::av_moderation; }
  ServiceKind operator()(const xmpp::RoomMetadataCommand&) const { return ServiceKind::room_metadata; }
  ServiceKind operator()(const xmpp::DominantSpeakerReport&) const { return ServiceKind::speaker_stats; }
  ServiceKind operator()(const xmpp::EndConferenceCommand&) const { return ServiceKind::end_conference; }
  ServiceKind operator()(const xmpp::BreakoutCommand&) const { return ServiceKind::breakout_rooms; }
};

}  // namespace

RoomServices::RoomServices(net::Reactor& reactor, const Clock& clock, Place place, RoomControl& control,
                           Port& port)
    : clock_(clock),
      place_(std::move(place)),
      control_(control),
      port_(port),
      moderation_(people_, *this),
      metadata_(*this),
      polls_(*this),
      breakouts_(place_.room, people_, place_.breakout_domain, clock_, *this),
      timer_(reactor) {}

// What happens in the room

// The server keeps a copy for those who come: they must know it before they are in (client.md §19).
void RoomServices::on_open() {
  port_.say(ServiceKind::room_metadata, place_.room, place_.room, write_json(metadata_));
}

Roster::Update RoomServices::on_occupant(const xmpp::MucPresence& presence) {
  const Roster::Update update = people_.update(presence);
  if (update.change == Roster::Change::none) return update;
  if (update.change == Roster::Change::left) {
    on_left(update.before);
  } else {
    const Person& person = *people_.find(presence.nick);
    if (update.change == Roster::Change::came) {
      welcome(person);
    } else {
      moderation_.on_changed(update.before, person);
      speakers_.on_changed(person);
    }
  }
  if (!place_.main) breakouts_.on_main_changed();
  if (RoomServices& meeting = of_the_meeting(); &meeting != this) {
    meeting.breakouts_.on_occupant(place_.room, presence);
    meeting.arm();
  }
  arm();
  return update;
}

void RoomServices::welcome(const Person& person) {
  const TimePoint now = clock_.now();
  // The server gave a copy at the door; what changed meanwhile was told to those who were known then.
  if (metadata_changed_ && now - *metadata_changed_ < kEntering)
    port_.say(ServiceKind::room_metadata, person.address, place_.room, write_json(metadata_));
  moderation_.on_came(person);
  speakers_.on_came(person, now);
  port_.say(ServiceKind::speaker_stats, person.address, place_.room, write_json(speakers_.totals(now)));
  if (!polls_.all().empty())
    port_.say(ServiceKind::polls, person.address, place_.room, write_old_polls(polls_.all()));
}

void RoomServices::on_left(const Person& person) {
  turns_.erase(person.id);
  moderation_.on_left(person);
  speakers_.on_left(person, clock_.now());
}

void RoomServices::on_over() {
  timer_.cancel();
  breakouts_.end();
}

// Commands

Answer RoomServices::on_message(const Person& from, ServiceKind to, const xmpp::ServiceContent& content) {
  if (!take_turn(from)) return refuse(ErrorCondition::policy_violation);
  if (std::visit(ServiceOf{}, content) != to) return refuse(ErrorCondition::bad_request);
  const Person sender = from;  // what follows may change the roster
  Answer answer = std::visit([&](const auto& command) { return on_command(sender, command); }, content);
  arm();
  return answer;
}

bool RoomServices::take_turn(const Person& from) {
  return turns_.try_emplace(from.id, kCommands).first->second.take(clock_.now());
}

Answer RoomServices::on_command(const Person& from, const xmpp::JsonMessage& message) {
  const auto command = services::parse_poll_command(message.text.expose());
  if (!command) return refuse(ErrorCondition::bad_request);
  return polls_.on_command(from, *command, control_.policy());
}

Answer RoomServices::on_command(const Person& from, const xmpp::AvModerationCommand& command) {
  return moderation_.on_command(from, command);
}

Answer RoomServices::on_command(const Person& from, const xmpp::RoomMetadataCommand& command) {
  return metadata_.on_command(from, command.text);
}

Answer RoomServices::on_command(const Person& from, const xmpp::DominantSpeakerReport& report) {
  speakers_.on_report(from, report.silence, clock_.now());
  return services::done();
}

Answer RoomServices::on_command(const Person& from, const xmpp::EndConferenceCommand&) {
  if (!rights::grants(from.role, rights::Right::end_for_all)) return refuse(ErrorCondition::forbidden);
  of_the_meeting().control_.destroy(kEnded, std::nullopt);
  return services::done();
}

Answer RoomServices::on_command(const Person& from, const xmpp::BreakoutCommand& command) {
  RoomServices& meeting = of_the_meeting();
  if (place_.breakout_domain.empty()) return refuse(ErrorCondition::service_unavailable);
  Answer answer = meeting.breakouts_.on_command(from, command);
  meeting.arm();
  return answer;
}

RoomServices& RoomServices::of_the_meeting() {
  RoomServices* const main = place_.main ? port_.find(*place_.main) : nullptr;
  return main ? *main : *this;
}

// What services decided

void RoomServices::say_to_all(ServiceKind as, const Personal<std::string>& json) {
  for (const auto& [id, person] : people_.people()) port_.say(as, person.address, place_.room, json);
}

void RoomServices::tell(const Person& to, const services::Moderated& moderated) {
  port_.say(ServiceKind::av_moderation, to.address, place_.room, write_json(place_.room, moderated));
}

void RoomServices::tell(const Person& to, const services::AllowList& list) {
  port_.say(ServiceKind::av_moderation, to.address, place_.room, write_json(place_.room, list));
}

void RoomServices::tell(const Person& to, const services::Verdict& verdict) {
  port_.say(ServiceKind::av_moderation, to.address, place_.room, write_json(place_.room, verdict));
}

void RoomServices::ask_to_mute(const EndpointId& whom, services::MediaKindOf what) {
  control_.ask_to_mute(whom, what);
}

void RoomServices::on_moderated(services::MediaKindOf what, bool enabled) {
  metadata_.on_moderated(what, enabled);
}

void RoomServices::on_metadata(const services::RoomMetadata& metadata) {
  metadata_changed_ = clock_.now();
  const JsonText json = write_json(metadata);
  port_.say(ServiceKind::room_metadata, place_.room, place_.room, json);
  say_to_all(ServiceKind::room_metadata, json);
}

Answer RoomServices::change_policy(const Person& by, const std::map<std::string, bool>& switches) {
  auto answer = control_.change_policy(by.id, switches);
  if (!answer) return refuse(answer.error().condition);
  return services::done();
}

void RoomServices::on_asked(const services::Poll& poll) {
  say_to_all(ServiceKind::polls, write_new_poll(poll));
}

void RoomServices::on_answered(const services::Poll& poll, const EndpointId& voter) {
  say_to_all(ServiceKind::polls, write_poll_answer(poll, voter));
}

void RoomServices::broadcast(const services::BreakoutRooms& rooms) {
  const JsonText json = write_json(rooms);
  say_to_all(ServiceKind::breakout_rooms, json);
  for (const auto& [jid, room] : rooms.rooms())
    for (const auto& [id, person] : room.people.people())
      port_.say(ServiceKind::breakout_rooms, person.address, place_.room, json);
}

void RoomServices::send_to_room(const xmpp::Jid& person, const xmpp::Jid& room) {
  port_.say(ServiceKind::breakout_rooms, person, place_.room, write_move(room));
}

void RoomServices::destroy(const xmpp::Jid& room) {
  if (RoomServices* const breakout = port_.find(room)) breakout->control_.destroy(kRemoved, place_.room);
}

void RoomServices::arm() {
  const auto wakeup = breakouts_.next_wakeup();
  if (!wakeup) return timer_.cancel();
  timer_.start(std::max<Duration>(*wakeup - clock_.now(), Duration(0)), [this] {
    breakouts_.on_wakeup();
    arm();
  });
}

}  // namespace cloister::focus::signalling
