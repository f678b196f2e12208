#include "focus/services/av_moderation.h"

#include <algorithm>
#include <optional>

namespace cloister::focus::services {

using rights::Right;
using xmpp::ErrorCondition;

namespace {

constexpr std::array kKinds{MediaKindOf::audio, MediaKindOf::video, MediaKindOf::desktop};
constexpr std::array<std::string_view, 3> kNames{"audio", "video", "desktop"};
// To decide on others' sending.
constexpr std::array kRights{Right::mute_others, Right::stop_cameras, Right::control_sharing};

std::optional<MediaKindOf> kind_of(std::string_view name) {
  const auto found = std::ranges::find(kNames, name);
  if (found == kNames.end()) return std::nullopt;
  return kKinds.at(static_cast<std::size_t>(found - kNames.begin()));
}

}  // namespace

// Commands

Answer AvModeration::on_command(const Person& from, const xmpp::AvModerationCommand& command) {
  const auto what = kind_of(command.media_type);
  if (!what) return refuse(ErrorCondition::bad_request);
  if (!rights::grants(from.role, kRights[index(*what)])) return refuse(ErrorCondition::forbidden);
  if (command.enable) return *command.enable ? enable(from, *what) : disable(from, *what);
  if (command.allow) return allow(*what, *command.allow);
  if (command.block) return block(*what, *command.block);
  return refuse(ErrorCondition::bad_request);
}

Answer AvModeration::enable(const Person& from, MediaKindOf what) {
  State& state = states_[index(what)];
  if (state.enabled) return done();
  state = {.enabled = true, .actor = from.occupant};
  for (const auto& [id, person] : roster_.people())
    if (person.leads()) state.allowed.insert(id);
  port_.on_moderated(what, true);
  restrain_everybody();
  for (const auto& [id, person] : roster_.people()) {
    port_.tell(person, Moderated{.what = what, .enabled = true, .actor = from.occupant});
    if (!state.allowed.contains(id)) port_.ask_to_mute(id, what);
  }
  tell_leaders(what, false);
  return done();
}

Answer AvModeration::disable(const Person& from, MediaKindOf what) {
  State& state = states_[index(what)];
  if (!state.enabled) return done();
  state = {};
  port_.on_moderated(what, false);
  restrain_everybody();
  for (const auto& [id, person] : roster_.people())
    port_.tell(person, Moderated{.what = what, .enabled = false, .actor = from.occupant});
  return done();
}

Answer AvModeration::allow(MediaKindOf what, const xmpp::Jid& whom) {
  State& state = states_[index(what)];
  const Person* const person = roster_.find_occupant(whom);
  if (!person || !state.enabled) return refuse(ErrorCondition::item_not_found);
  if (!state.allowed.insert(person->id).second) return done();
  restrain(*person);
  port_.tell(*person, Verdict{.what = what, .approved = true});
  tell_leaders(what, false);
  return done();
}

Answer AvModeration::block(MediaKindOf what, const xmpp::Jid& whom) {
  State& state = states_[index(what)];
  const Person* const person = roster_.find_occupant(whom);
  if (!person || !state.enabled) return refuse(ErrorCondition::item_not_found);
  if (person->leads()) return refuse(ErrorCondition::not_allowed);
  const bool was_allowed = state.allowed.erase(person->id) > 0;
  restrain(*person);
  port_.tell(*person, Verdict{.what = what, .approved = false});
  if (!was_allowed) return done();
  port_.ask_to_mute(person->id, what);
  tell_leaders(what, true);
  return done();
}

// Comings and goings

void AvModeration::on_came(const Person& person) {
  if (may_send(person) != room::kMaySendAll) restrain(person);  // before its call is made
  for (const MediaKindOf what : kKinds) {
    State& state = states_[index(what)];
    if (!state.enabled) continue;
    port_.tell(person, Moderated{.what = what, .enabled = true, .actor = state.actor});
    if (!person.leads()) continue;
    state.allowed.insert(person.id);
    tell_leaders(what, false);
  }
}

void AvModeration::on_changed(const Person& before, const Person& person) {
  if (before.role == person.role) return;
  for (const MediaKindOf what : kKinds) {
    State& state = states_[index(what)];
    if (!state.enabled || before.leads() == person.leads()) continue;
    if (person.leads())
      state.allowed.insert(person.id);
    else
      state.allowed.erase(person.id);
    tell_leaders(what, !person.leads());
  }
  restrain(person);
  for (const MediaKindOf what : kKinds)
    if (before.leads() && !may_send(person, what)) port_.ask_to_mute(person.id, what);
}

void AvModeration::on_left(const Person& person) {
  for (const MediaKindOf what : kKinds)
    if (states_[index(what)].allowed.erase(person.id) > 0) tell_leaders(what, true);
}

// What follows

bool AvModeration::may_send(const Person& person, MediaKindOf what) const {
  const State& state = states_[index(what)];
  return !state.enabled || person.leads() || state.allowed.contains(person.id);
}

room::MaySend AvModeration::may_send(const Person& person) const {
  room::MaySend may;
  for (const MediaKindOf what : kKinds) may.of(what) = may_send(person, what);
  return may;
}

void AvModeration::restrain_everybody() {
  std::map<EndpointId, room::MaySend> all;
  for (const auto& [id, person] : roster_.people()) all.emplace(id, may_send(person));
  if (!all.empty()) port_.restrain(all);
}

AllowList AvModeration::list(MediaKindOf what, bool removed) const {
  AllowList list{.what = what, .removed = removed};
  for (const EndpointId& id : states_[index(what)].allowed)
    if (const Person* person = roster_.find(id)) list.allowed.push_back(person->occupant);
  return list;
}

void AvModeration::tell_leaders(MediaKindOf what, bool removed) {
  const AllowList said = list(what, removed);
  for (const auto& [id, person] : roster_.people())
    if (person.leads()) port_.tell(person, said);
}

}  // namespace cloister::focus::services
