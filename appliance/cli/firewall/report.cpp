#include "cli/firewall/report.h"

#include <fmt/core.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

namespace cloister::cli::firewall {
namespace {

namespace json = boost::json;
using protocol::Answer;
using protocol::Outcome;

const char* word(policy::Hook hook) {
  switch (hook) {
    case policy::Hook::input: return "comes in";
    case policy::Hook::forward: return "passes through";
    case policy::Hook::output: return "goes out";
    case policy::Hook::none: break;
  }
  return "is nowhere near our hooks";
}

const char* word(policy::Verdict verdict) { return verdict == policy::Verdict::accept ? "accept" : "drop"; }

const char* word(policy::Difference::Kind kind) {
  switch (kind) {
    case policy::Difference::Kind::added: return "added";
    case policy::Difference::Kind::removed: return "removed";
    case policy::Difference::Kind::changed: break;
  }
  return "changed";
}

char sign(policy::Difference::Kind kind) {
  switch (kind) {
    case policy::Difference::Kind::added: return '+';
    case policy::Difference::Kind::removed: return '-';
    case policy::Difference::Kind::changed: break;
  }
  return '~';
}

json::object json_of(const policy::Chain& chain) {
  json::array rules;
  for (const policy::Rule& rule : chain.rules)
    rules.push_back(json::object{
        {"name",    policy::printable(rule.name)},
        {"verdict", word(rule.verdict)          },
        {"words",   policy::in_words(rule)      }
    });
  return {
      {"name",   policy::printable(chain.name)},
      {"policy", word(chain.policy)           },
      {"rules",  std::move(rules)             }
  };
}

json::object json_of(const policy::Ruleset& rules) {
  json::array chains;
  for (const policy::Chain& chain : rules.chains) chains.push_back(json_of(chain));
  json::array sets;
  for (const policy::Set& set : rules.sets)
    sets.push_back(json::object{
        {"name",  policy::printable(set.name)},
        {"size",  set.size                   },
        {"words", policy::in_words(set)      }
    });
  return {
      {"present", true             },
      {"foreign", rules.foreign    },
      {"chains",  std::move(chains)},
      {"sets",    std::move(sets)  }
  };
}

void print(std::ostream& out, const policy::Ruleset& rules) {
  if (rules.foreign) out << "The table is asleep or holds foreign objects.\n";
  for (const policy::Chain& chain : rules.chains) {
    out << fmt::format("{}: what {}\n", policy::printable(chain.name), word(chain.hook));
    for (const policy::Rule& rule : chain.rules) out << "  " << policy::in_words(rule) << '\n';
    out << fmt::format("  {} all else\n\n", word(chain.policy));
  }
  out << "sets\n";
  for (const policy::Set& set : rules.sets) out << "  " << policy::in_words(set) << '\n';
}

}  // namespace

void report_rules(std::ostream& out, Format format, const std::optional<policy::Ruleset>& rules) {
  if (format == Format::json) {
    out << json::serialize(rules ? json_of(*rules) : json::object{{"present", false}}) << '\n';
  } else if (rules) {
    print(out, *rules);
  } else {
    out << "The kernel holds no rules of Cloister's.\n";
  }
}

void report_plan(std::ostream& out, Format format, const std::vector<policy::Difference>& plan) {
  if (format == Format::json) {
    json::array all;
    for (const auto& [kind, where, what] : plan)
      all.push_back(json::object{
          {"kind",  word(kind)},
          {"where", where     },
          {"what",  what      }
      });
    out << json::serialize(json::object{
               {"differences", std::move(all)}
    })
        << '\n';
    return;
  }
  if (plan.empty()) out << "Nothing to do: the kernel holds what the settings want.\n";
  for (const auto& [kind, where, what] : plan) out << fmt::format("{} {}: {}\n", sign(kind), where, what);
}

void report_status(std::ostream& out, Format format, const protocol::Status& status) {
  if (format == Format::json) {
    out << json::serialize(json::object{
               {"in_force",           status.in_force          },
               {"rules",              status.rules             },
               {"bans_ipv4",          status.bans4             },
               {"bans_ipv6",          status.bans6             },
               {"restored",           status.restored          },
               {"seconds_to_confirm", status.seconds_to_confirm}
    })
        << '\n';
    return;
  }
  out << (status.in_force ? "The rules are in force" : "The rules are NOT in force")
      << fmt::format(" ({}).\n", status.rules)
      << fmt::format("Banned sources: {} IPv4, {} IPv6.\n", status.bans4, status.bans6)
      << fmt::format("Rules restored after somebody changed them: {} times.\n", status.restored);
  if (status.seconds_to_confirm != 0)
    out << fmt::format(
        "Not confirmed yet: the earlier rules come back in {} s. To keep the new ones: cloister firewall "
        "confirm\n",
        status.seconds_to_confirm);
}

std::string in_words(const Answer& answer) {
  switch (answer.outcome) {
    case Outcome::done: return "done";
    case Outcome::not_understood: return "the guard did not understand: is it of another version?";
    case Outcome::not_allowed:
      return "the guard does not allow it: not to this user, or not for this address";
    case Outcome::bad_settings:
      return "the settings are wrong, so the rules stay as they were:\n" + answer.text;
    case Outcome::kernel_refused: return "the kernel refused, so the rules stay as they were: " + answer.text;
    case Outcome::set_is_full: return "no more sources can be banned (bans.size in the settings)";
    case Outcome::not_banned: return "not banned";
    case Outcome::nothing_to_confirm:
      return "nothing waits to be confirmed: either it was, or the time was up";
  }
  return "the guard gave an answer that this program does not know";
}

}  // namespace cloister::cli::firewall
