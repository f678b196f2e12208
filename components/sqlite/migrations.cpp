#include "sqlite/migrations.h"

#include <sqlite3.h>

#include <string>

namespace cloister::sqlite {

void migrate(Database& database, std::span<const std::string_view> steps) {
  const auto newest = static_cast<std::int64_t>(steps.size());
  if (database.user_version() == newest) return;
  Transaction all(database);
  // Asked again inside: another process may have been here first.
  const std::int64_t version = database.user_version();
  if (version > newest || version < 0)
    throw DatabaseFailure{
        {SQLITE_SCHEMA, sqlite_category()}
    };
  for (const std::string_view step : steps.subspan(static_cast<std::size_t>(version))) database.run(step);
  database.run("PRAGMA user_version = " + std::to_string(newest));
  all.commit();
}

bool is_of_newer_version(const DatabaseFailure& failure) { return failure.code.value() == SQLITE_SCHEMA; }

}  // namespace cloister::sqlite
