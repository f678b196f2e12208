#include "sqlite/database_copy.h"

#include <sqlite3.h>

#include <memory>
#include <string_view>

#include "sqlite/database.h"

namespace cloister::sqlite {
namespace {

constexpr int kPatienceMilliseconds = 5000;

struct Close {
  void operator()(sqlite3* handle) const { sqlite3_close(handle); }
};
using Handle = std::unique_ptr<sqlite3, Close>;

SystemError error_of(int status, const char* doing) {
  return {
      {status, sqlite_category()},
      doing
  };
}

Result<Handle, SystemError> open(const std::string& path, int flags, const char* doing) {
  sqlite3* handle = nullptr;
  const int status = sqlite3_open_v2(path.c_str(), &handle, flags, nullptr);
  Handle out(handle);
  if (status != SQLITE_OK) return fail(error_of(status, doing));
  sqlite3_busy_timeout(handle, kPatienceMilliseconds);
  return out;
}

}  // namespace

Result<void, SystemError> copy_database(const std::string& from, const std::string& to) {
  const auto source = open(from, SQLITE_OPEN_READWRITE, "opening the database");
  if (!source) return fail(source.error());
  const auto target =
      open(to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, "opening the copy of the database");
  if (!target) return fail(target.error());
  sqlite3_backup* const copying = sqlite3_backup_init(target->get(), "main", source->get(), "main");
  if (copying == nullptr) return fail(error_of(sqlite3_errcode(target->get()), "copying the database"));
  const int copied = sqlite3_backup_step(copying, -1);
  const int status = sqlite3_backup_finish(copying);
  if (copied != SQLITE_DONE) return fail(error_of(copied, "copying the database"));
  if (status != SQLITE_OK) return fail(error_of(status, "copying the database"));
  return {};
}

Result<void, SystemError> check_database(const std::string& path) {
  const auto database = open(path, SQLITE_OPEN_READWRITE, "opening the database");
  if (!database) return fail(database.error());
  sqlite3_stmt* made = nullptr;
  const int prepared = sqlite3_prepare_v2(database->get(), "PRAGMA quick_check", -1, &made, nullptr);
  const std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement(made, sqlite3_finalize);
  if (prepared != SQLITE_OK) return fail(error_of(prepared, "checking the database"));
  const int stepped = sqlite3_step(made);
  if (stepped != SQLITE_ROW) return fail(error_of(stepped, "checking the database"));
  const auto* const said = reinterpret_cast<const char*>(sqlite3_column_text(made, 0));
  if (said == nullptr || std::string_view(said) != "ok")
    return fail(error_of(SQLITE_CORRUPT, "checking the database"));
  return {};
}

}  // namespace cloister::sqlite
