#include "cli/status/report.h"

#include <fmt/chrono.h>
#include <fmt/core.h>

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <boost/json/value_from.hpp>

namespace cloister::cli::status {
namespace {

namespace json = boost::json;
using TimeOfDay = std::chrono::system_clock::time_point;

std::string minute(TimeOfDay time) {
  return fmt::format("{:%Y-%m-%d %H:%M} UTC", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}
std::string day(TimeOfDay time) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(std::chrono::system_clock::to_time_t(time)));
}

// "1 meeting", "2 meetings"
std::string count(std::int64_t number, const char* what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string words(const machine::UnitState& unit) {
  if (unit.load == "not-found") return "not installed";
  std::string out = unit.active == "active" ? "runs" : unit.active;
  if (unit.since != TimeOfDay()) out += " since " + minute(unit.since);
  if (unit.restarts != 0) out += fmt::format(", restarted {}", count(unit.restarts, "time"));
  return out;
}
std::string words(const machine::Totals& totals) {
  return count(totals.meetings, "meeting") + ", " + count(totals.participants, "participant");
}
std::string words(const net::CertificateFacts& facts, TimeOfDay now) {
  const std::string name = facts.names.empty() ? "no name" : facts.names.front();
  const long days = facts.days_left(now);
  if (days < 0) return fmt::format("{}: ENDED on {}", name, day(facts.ends));
  return fmt::format("{}: {} left (until {}), by {}", name, count(days, "day"), day(facts.ends),
                     facts.issuer);
}
std::string words(const machine::Updates& updates) {
  if (updates.packages.empty()) return "none pending";
  return fmt::format("{} pending, {} of them for security", updates.packages.size(), updates.security);
}
std::string words(const machine::Space& space) {
  return fmt::format("{} % used, {} free of {}", space.used(), machine::size_text(space.free),
                     machine::size_text(space.total));
}

template <class T, class... Args>
std::string words_or_why(const Learned<T>& learned, const Args&... args) {
  if (learned) return words(*learned, args...);
  return "unknown: " + learned.error();
}

json::object json_of(const machine::UnitState& unit) {
  json::object out{
      {"load",     unit.load    },
      {"active",   unit.active  },
      {"restarts", unit.restarts}
  };
  if (unit.since != TimeOfDay()) out["since"] = std::chrono::system_clock::to_time_t(unit.since);
  return out;
}
json::object json_of(const machine::Totals& totals) {
  return {
      {"meetings",     totals.meetings    },
      {"participants", totals.participants}
  };
}
json::object json_of(const net::CertificateFacts& facts, TimeOfDay now) {
  return {
      {"names",     json::value_from(facts.names)                   },
      {"issuer",    facts.issuer                                    },
      {"ends",      std::chrono::system_clock::to_time_t(facts.ends)},
      {"days_left", facts.days_left(now)                            }
  };
}
json::object json_of(const machine::Updates& updates) {
  return {
      {"packages", json::value_from(updates.packages)},
      {"security", updates.security                  }
  };
}
json::object json_of(const machine::Space& space) {
  return {
      {"total", space.total},
      {"free",  space.free }
  };
}

template <class T, class... Args>
json::object json_or_why(const Learned<T>& learned, const Args&... args) {
  if (learned) return json_of(*learned, args...);
  return {
      {"unknown", learned.error()}
  };
}

}  // namespace

void print_text(std::ostream& out, const Status& status) {
  const auto line = [&out](std::string_view what, const std::string& how) {
    out << fmt::format("{:<20} {}\n", what, how);
  };
  for (const Service& one : status.services) line(one.name, words_or_why(one.state));
  out << '\n';
  line("Meetings", words_or_why(status.meetings));
  line("Certificate", words_or_why(status.certificate, status.now));
  line("Updates", words_or_why(status.updates));
  line("Restart", status.restart_needed ? "NEEDED, to bring updates into force" : "not needed");
  line("Disk", words_or_why(status.disk));
  line("Memory", words_or_why(status.memory));
}

void print_json(std::ostream& out, const Status& status) {
  json::object services;
  for (const Service& one : status.services) services[one.name] = json_or_why(one.state);
  out << json::serialize(json::object{
             {"services",    std::move(services)           },
             {"meetings",    json_or_why(status.meetings)  },
             {"certificate", json_or_why(status.certificate, status.now)},
             {"updates",             json_or_why(status.updates)                                  },
             {"restart_needed",             status.restart_needed},
             {"disk",             json_or_why(status.disk)                                            },
             {"memory",             json_or_why(status.memory)}
  })
      << '\n';
}

}  // namespace cloister::cli::status
