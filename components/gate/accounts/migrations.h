// The database's shape, version by version: `PRAGMA user_version` says how many of the steps were taken.
#pragma once

#include <span>
#include <string_view>

#include "gate/accounts/database.h"

namespace cloister::gate::accounts {

// Each step is SQL; a step that was ever released is never changed, only followed.
std::span<const std::string_view> schema_steps();

// Takes the missing steps, all of them or none. Throws SQLITE_SCHEMA when the file comes from a newer
// version than ours, which is then left alone.
void migrate(Database& database, std::span<const std::string_view> steps);

}  // namespace cloister::gate::accounts
