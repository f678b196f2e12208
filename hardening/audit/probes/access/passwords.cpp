// Queries about passwords: what shadow says of each account.
#include <algorithm>
#include <array>
#include <chrono>

#include "audit/probes/access/logins.h"
#include "audit/probes/access/probes.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;
using List = std::vector<Shadow>;

// One limit of every account that has a password; "none" where it has no such limit.
template <std::optional<long long> Shadow::*field>
Observation limits(const System&, const List& all) {
  Observation seen;
  for (const Shadow& one : all)
    if (one.has_password()) {
      const auto& days = one.*field;
      seen.facts.push_back({one.name, days ? std::to_string(*days) : "none"});
    }
  if (seen.facts.empty()) return {.state = State::absent, .facts = {}, .note = "no account has a password"};
  return seen;
}

Observation empty(const System&, const List& all) {
  Observation seen;
  for (const Shadow& one : all)
    if (one.hash.empty()) seen.facts.push_back({"", one.name});
  return seen;
}

Observation root(const System&, const List& all) {
  const auto found = std::ranges::find(all, "root", &Shadow::name);
  if (found == all.end()) return {.state = State::absent, .facts = {}, .note = {}};
  const char* word = found->locked() ? "locked" : found->hash.empty() ? "empty" : "set";
  return {.state = State::observed, .facts = {{"root", word}}, .note = {}};
}

Observation changed_in_future(const System&, const List& all) {
  using std::chrono::days;
  const auto today = std::chrono::floor<days>(std::chrono::system_clock::now()).time_since_epoch().count();
  Observation seen;
  for (const Shadow& one : all)
    if (one.last_change && *one.last_change > today) seen.facts.push_back({"", one.name});
  return seen;
}

// Accounts that nobody works in and that a password opens all the same.
Observation unlocked_without_shell(const System& system, const List& all) {
  Observation seen;
  for (const User& user : accounts_of(system).users) {
    if (user.name == "root" || is_working_shell(system, shell_of(user))) continue;
    const auto found = std::ranges::find(all, user.name, &Shadow::name);
    if (found == all.end() ? user.password != "*" && user.password != "!" : !found->locked())
      seen.facts.push_back({"", user.name});
  }
  return seen;
}

struct Query {
  std::string_view name;
  Observation (*answer)(const System&, const List&);
};
constexpr std::array kQueries{
    Query{"empty",                  empty                         },
    Query{"root",                   root                          },
    Query{"max_days",               limits<&Shadow::max_days>     },
    Query{"min_days",               limits<&Shadow::min_days>     },
    Query{"warn_days",              limits<&Shadow::warn_days>    },
    Query{"inactive_days",          limits<&Shadow::inactive_days>},
    Query{"changed_in_future",      changed_in_future             },
    Query{"unlocked_without_shell", unlocked_without_shell        },
};

}  // namespace

Observation observe_passwords(const System& system, const model::ProbeArguments& arguments) {
  const auto query = std::ranges::find(kQueries, arguments.one(), &Query::name);
  if (query == kQueries.end())
    return {.state = State::unreadable, .facts = {}, .note = "passwords knows no query " + arguments.one()};
  const Shadows& all = shadows_of(system);
  if (!all)
    return {.state = State::unreadable, .facts = {}, .note = "/etc/shadow: " + all.error().code.message()};
  return query->answer(system, *all);
}

}  // namespace cloister::audit::probes
