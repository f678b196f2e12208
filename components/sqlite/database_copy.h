// Copies of a database while others use it (sqlite3's online backup): a moment of it, complete.
#pragma once

#include <string>

#include "base/result.h"

namespace cloister::sqlite {

// Makes `to`, or replaces what it holds in one transaction: whoever has it open sees all of it or nothing.
Result<void, SystemError> copy_database(const std::string& from, const std::string& to);
// Is it a database, and whole?
Result<void, SystemError> check_database(const std::string& path);

}  // namespace cloister::sqlite
