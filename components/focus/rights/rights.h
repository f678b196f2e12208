// Who may do what in a meeting: the one table. The focus asks it here, Prosody's modules ask a copy that is
// written from it (lua_table.h; a test compares), and a test goes through every cell against a running
// server.
//
// A room says who somebody is by XEP-0045's affiliation and role, which only the focus (host) and hosts
// (co-host, viewer) can give:
//
//   host         affiliation owner    granted by the focus alone, to who signed in
//   co-host      affiliation admin    granted by a host; a stock client's "grant moderator" comes here
//   participant  affiliation member or none
//   viewer       role visitor
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "focus/rights/policy.h"
#include "xmpp/muc.h"

namespace cloister::focus::rights {

enum class Role : std::uint8_t { host, co_host, participant, viewer };
inline constexpr std::array kRoles{Role::host, Role::co_host, Role::participant, Role::viewer};

enum class Right : std::uint8_t {
  start,
  end_for_all,
  lock,  // the lobby, on and off
  set_password,
  change_policy,
  grant,   // co-hosts, viewers
  remove,  // from the meeting, for good
  admit,   // from the lobby
  mute_others,
  stop_cameras,
  control_sharing,
  manage_breakout_rooms,
  microphone,
  camera,
  screen,
  chat,
  private_chat,
  reactions,
  raise_hand,
  rename,
  record,  // nobody: there is no recording
};
inline constexpr std::size_t kRights = static_cast<std::size_t>(Right::record) + 1;

struct Row {
  Right right;
  std::string_view name;  // as in Prosody's table, and in messages that say what was refused
  bool host, co_host, participant, viewer;
  std::optional<Switch> switched_by{};  // where the meeting's policy takes it from participants and viewers
};

// clang-format off
inline constexpr std::array<Row, kRights> kTable{{
    //                                                      host   co-host participant viewer  switch
    {Right::start,                 "start",                 true,  false,  false,      false},
    {Right::end_for_all,           "end_for_all",           true,  false,  false,      false},
    {Right::lock,                  "lock",                  true,  false,  false,      false},
    {Right::set_password,          "set_password",          true,  false,  false,      false},
    {Right::change_policy,         "change_policy",         true,  false,  false,      false},
    {Right::grant,                 "grant",                 true,  false,  false,      false},
    {Right::remove,                "remove",                true,  false,  false,      false},
    {Right::admit,                 "admit",                 true,  true,   false,      false},
    {Right::mute_others,           "mute_others",           true,  true,   false,      false},
    {Right::stop_cameras,          "stop_cameras",          true,  true,   false,      false},
    {Right::control_sharing,       "control_sharing",       true,  true,   false,      false},
    {Right::manage_breakout_rooms, "manage_breakout_rooms", true,  true,   false,      false},
    {Right::microphone,            "microphone",            true,  true,   true,       false,  Switch::microphone},
    {Right::camera,                "camera",                true,  true,   true,       false,  Switch::camera},
    {Right::screen,                "screen",                true,  true,   true,       false,  Switch::screen},
    {Right::chat,                  "chat",                  true,  true,   true,       true,   Switch::chat},
    {Right::private_chat,          "private_chat",          true,  true,   true,       true,   Switch::private_chat},
    {Right::reactions,             "reactions",             true,  true,   true,       true,   Switch::reactions},
    {Right::raise_hand,            "raise_hand",            true,  true,   true,       true,   Switch::raise_hand},
    {Right::rename,                "rename",                true,  true,   true,       true,   Switch::rename},
    {Right::record,                "record",                false, false,  false,      false},
}};
// clang-format on

constexpr const Row& row(Right right) { return kTable[static_cast<std::size_t>(right)]; }

constexpr bool is_in_order() {
  for (std::size_t i = 0; i < kRights; ++i)
    if (static_cast<std::size_t>(kTable[i].right) != i) return false;
  return true;
}
static_assert(is_in_order(), "a row stands where its right says");

// What the table grants, before the policy.
constexpr bool grants(Role role, Right right) {
  switch (role) {
    case Role::host: return row(right).host;
    case Role::co_host: return row(right).co_host;
    case Role::participant: return row(right).participant;
    case Role::viewer: return row(right).viewer;
  }
  return false;
}

// Hosts and co-hosts keep what the policy switches off.
constexpr bool leads(Role role) { return role == Role::host || role == Role::co_host; }

constexpr bool may(Role role, Right right, const Policy& policy) {
  if (!grants(role, right)) return false;
  return leads(role) || !row(right).switched_by || policy.allows(*row(right).switched_by);
}

constexpr Role role_of(xmpp::Affiliation affiliation, xmpp::Role role) {
  if (affiliation == xmpp::Affiliation::owner) return Role::host;
  if (affiliation == xmpp::Affiliation::admin) return Role::co_host;
  return role == xmpp::Role::visitor ? Role::viewer : Role::participant;
}

constexpr std::string_view name_of(Role role) {
  constexpr std::array<std::string_view, 4> kNames{"host", "co_host", "participant", "viewer"};
  return kNames[static_cast<std::size_t>(role)];
}

}  // namespace cloister::focus::rights
