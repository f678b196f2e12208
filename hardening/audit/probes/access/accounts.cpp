// Queries about users and groups. Each gives the ones it names, by name.
#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "audit/probes/access/logins.h"
#include "audit/probes/access/pam_stack.h"
#include "audit/probes/access/probes.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

template <class Entry, class Chosen>
Observation names(const std::vector<Entry>& entries, Chosen chosen) {
  Observation seen;
  for (const Entry& entry : entries)
    if (chosen(entry)) seen.facts.push_back({"", entry.name});
  return seen;
}

// "1000" → "ann", "bob": what more than one has.
template <class Entry, class Key>
Observation shared(const std::vector<Entry>& entries, Key key) {
  std::map<std::string, std::vector<std::string>> by_key;
  for (const Entry& entry : entries) by_key[key(entry)].push_back(entry.name);
  Observation seen;
  for (const auto& [value, owners] : by_key)
    if (owners.size() > 1)
      for (const std::string& owner : owners) seen.facts.push_back({value, owner});
  return seen;
}

Observation uid_0(const System& system) {
  return names(accounts_of(system).users, [](const User& user) { return user.uid == 0; });
}

Observation primary_group_0(const System& system) {
  return names(accounts_of(system).users, [](const User& user) { return user.gid == 0; });
}

Observation gid_0(const System& system) {
  return names(accounts_of(system).groups, [](const Group& group) { return group.gid == 0; });
}

// Accounts of programs in whose name somebody could work. The named ones come with a shell that only runs
// their command.
Observation system_with_shell(const System& system) {
  static const std::set<std::string, std::less<>> kCommands = {"root", "halt", "sync", "shutdown",
                                                               "nfsnobody"};
  const long long first_person = login_def(system, "UID_MIN", 1000);
  return names(accounts_of(system).users, [&](const User& user) {
    const bool of_a_program = user.uid < first_person || user.uid == 65534;
    return of_a_program && !kCommands.contains(user.name) && is_working_shell(system, shell_of(user));
  });
}

Observation unshadowed(const System& system) {
  return names(accounts_of(system).users, [](const User& user) { return user.password != "x"; });
}

Observation without_group(const System& system) {
  const Accounts& all = accounts_of(system);
  return names(all.users,
               [&](const User& user) { return std::ranges::count(all.groups, user.gid, &Group::gid) == 0; });
}

Observation shared_uids(const System& system) {
  return shared(accounts_of(system).users, [](const User& user) { return std::to_string(user.uid); });
}

Observation shared_gids(const System& system) {
  return shared(accounts_of(system).groups, [](const Group& group) { return std::to_string(group.gid); });
}

Observation repeated_users(const System& system) {
  return shared(accounts_of(system).users, [](const User& user) { return user.name; });
}

Observation repeated_groups(const System& system) {
  return shared(accounts_of(system).groups, [](const Group& group) { return group.name; });
}

// Everybody in the group, as member or by the primary group.
Observation members_of(const System& system, std::string_view name) {
  const Accounts& all = accounts_of(system);
  const auto group = std::ranges::find(all.groups, name, &Group::name);
  if (group == all.groups.end()) return {.state = State::absent, .facts = {}, .note = {}};
  Observation seen = names(all.users, [&](const User& user) { return user.gid == group->gid; });
  for (const std::string& member : group->members) seen.facts.push_back({"", member});
  return seen;
}

Observation shadow_group(const System& system) { return members_of(system, "shadow"); }

// Members of the group that pam_wheel names for su; absent when it names none that exists. root needs no
// membership.
Observation su_group(const System& system) {
  const auto stack = pam_stack(system, "su");
  if (!stack) return observation_of(stack.error());
  for (const PamStackLine& line : *stack)
    if (line.module == "pam_wheel") {
      Observation seen = members_of(system, line.argument("group").value_or("root"));
      std::erase_if(seen.facts, [](const model::Fact& fact) { return fact.value == "root"; });
      return seen;
    }
  return {.state = State::absent, .facts = {}, .note = "pam_wheel is not in su"};
}

Observation malformed(const System& system) {
  Observation seen;
  for (const std::string& place : accounts_of(system).malformed) seen.facts.push_back({"", place});
  return seen;
}

struct Query {
  std::string_view name;
  Observation (*answer)(const System&);
};
constexpr std::array kQueries{
    Query{"uid_0",             uid_0            },
    Query{"gid_0",             gid_0            },
    Query{"primary_group_0",   primary_group_0  },
    Query{"system_with_shell", system_with_shell},
    Query{"unshadowed",        unshadowed       },
    Query{"without_group",     without_group    },
    Query{"shared_uids",       shared_uids      },
    Query{"shared_gids",       shared_gids      },
    Query{"repeated_users",    repeated_users   },
    Query{"repeated_groups",   repeated_groups  },
    Query{"shadow_group",      shadow_group     },
    Query{"su_group",          su_group         },
    Query{"malformed",         malformed        },
};

}  // namespace

Observation observe_accounts(const System& system, const model::ProbeArguments& arguments) {
  for (const char* path : {"/etc/passwd", "/etc/group"})
    if (const auto content = system.read_file(path, 16 * System::kUsualLimit); !content)
      return {
          .state = State::unreadable, .facts = {}, .note = path + (": " + content.error().code.message())};
  const auto query = std::ranges::find(kQueries, arguments.one(), &Query::name);
  if (query == kQueries.end())
    return {.state = State::unreadable, .facts = {}, .note = "accounts knows no query " + arguments.one()};
  return query->answer(system);
}

}  // namespace cloister::audit::probes
