// A database's shape, version by version: `PRAGMA user_version` says how many of the steps were taken.
#pragma once

#include <span>
#include <string_view>

#include "sqlite/database.h"

namespace cloister::sqlite {

// Each step is SQL; a step that was ever released is never changed, only followed. Takes the missing ones,
// all of them or none. Throws SQLITE_SCHEMA when the file comes from a newer version than ours, which is then
// left alone.
void migrate(Database& database, std::span<const std::string_view> steps);

bool is_of_newer_version(const DatabaseFailure& failure);

}  // namespace cloister::sqlite
