// Who may host meetings, as totals: nobody's name leaves the database.
#include <fmt/core.h>

#include "audit/probes/product/probes.h"
#include "sqlite/database.h"

namespace cloister::audit::probes {
namespace {

using model::Observation;
using model::State;

std::string place_of(const System& system, const std::string& path) {
  return fmt::format("/proc/self/fd/{}{}", system.root(), path);
}

}  // namespace

Observation observe_hosts(const System& system, const model::ProbeArguments& arguments) {
  const std::string& path = arguments.plain_or("path").front();
  if (const auto status = system.stat(path, Follow::yes); !status) return observation_of(status.error());
  try {
    sqlite::Database database(place_of(system, path), sqlite::Access::read_only);
    sqlite::Statement count(database,
                            "SELECT count(*), count(second_factors.host) FROM hosts"
                            " LEFT JOIN second_factors ON second_factors.host = hosts.id WHERE enabled = 1");
    if (!count.step()) return {State::unreadable, {}, path + ": gives no answer"};
    return {
        State::observed,
        {{"hosts", std::to_string(count.number(0))},
                    {"without_second_factor", std::to_string(count.number(0) - count.number(1))}},
        {                                          }
    };
  } catch (const sqlite::DatabaseFailure& failure) {
    return {State::unreadable, {}, fmt::format("{}: {}", path, failure.code.message())};
  }
}

}  // namespace cloister::audit::probes
