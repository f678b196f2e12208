#include "sqlite/database.h"

#include <sqlite3.h>

#include <filesystem>

namespace cloister::sqlite {
namespace {

constexpr int kPatienceMilliseconds = 2000;

class Category final : public std::error_category {
public:
  const char* name() const noexcept override { return "sqlite3"; }
  std::string message(int code) const override { return sqlite3_errstr(code); }
};

void require(int status) {
  if (status != SQLITE_OK)
    throw DatabaseFailure{
        {status, sqlite_category()}
    };
}

// "file:" with what would mean something else escaped.
std::string uri_of(const std::string& path) {
  std::string uri = "file:";
  for (const char c : path) uri += c == '%' ? "%25" : c == '?' ? "%3f" : c == '#' ? "%23" : std::string(1, c);
  return uri;
}

std::string bytes(sqlite3_stmt* statement, int column) {
  const auto* data = static_cast<const char*>(sqlite3_column_blob(statement, column));
  const int size = sqlite3_column_bytes(statement, column);
  return data != nullptr ? std::string(data, static_cast<std::size_t>(size)) : std::string{};
}

}  // namespace

const std::error_category& sqlite_category() {
  static const Category category;
  return category;
}

Statement::Statement(Database& database, std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  require(
      sqlite3_prepare_v2(database.handle_.get(), sql.data(), static_cast<int>(sql.size()), &made, nullptr));
  statement_.reset(made);
}

void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Statement& Statement::bind(std::int64_t number) {
  require(sqlite3_bind_int64(statement_.get(), ++bound_, number));
  return *this;
}

Statement& Statement::bind(std::string_view text) {
  require(sqlite3_bind_text(statement_.get(), ++bound_, text.data(), static_cast<int>(text.size()),
                            SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_blob(std::string_view bytes) {
  require(sqlite3_bind_blob(statement_.get(), ++bound_, bytes.data(), static_cast<int>(bytes.size()),
                            SQLITE_TRANSIENT));
  return *this;
}

bool Statement::step() {
  const int status = sqlite3_step(statement_.get());
  if (status == SQLITE_ROW) return true;
  if (status != SQLITE_DONE) require(status);
  return false;
}

void Statement::run() {
  while (step()) {
  }
}

std::int64_t Statement::number(int column) const { return sqlite3_column_int64(statement_.get(), column); }
std::string Statement::text(int column) const { return bytes(statement_.get(), column); }
std::string Statement::blob(int column) const { return bytes(statement_.get(), column); }
bool Statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

void Database::open(const std::string& name, int flags) {
  sqlite3* opened = nullptr;
  const int status = sqlite3_open_v2(name.c_str(), &opened, flags | SQLITE_OPEN_EXRESCODE, nullptr);
  handle_.reset(opened);
  require(status);
  require(sqlite3_busy_timeout(handle_.get(), kPatienceMilliseconds));
}

Database::Database(const std::string& path, Access access) {
  if (access == Access::read_only) {
    // Without a log beside it nobody has it open, and none is to be made by our reading
    // (sqlite.org/uri.html).
    const bool has_log = std::filesystem::exists(path + "-wal");
    open(uri_of(path) + (has_log ? "?mode=ro" : "?immutable=1"), SQLITE_OPEN_READONLY | SQLITE_OPEN_URI);
    run("PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;");
    return;
  }
  open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE);
  run("PRAGMA foreign_keys = ON; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
      // What is deleted is overwritten; nothing is sorted into a file.
      "PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;");
}

void Database::Close::operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }

void Database::run(std::string_view sql) {
  require(sqlite3_exec(handle_.get(), std::string(sql).c_str(), nullptr, nullptr, nullptr));
}

std::int64_t Database::changes() const { return sqlite3_changes64(handle_.get()); }

std::int64_t Database::user_version() {
  Statement version(*this, "PRAGMA user_version");
  return version.step() ? version.number(0) : 0;
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    database_.run("ROLLBACK");
  } catch (const DatabaseFailure&) {
    // sqlite3 has rolled back by itself: a full disk, a failed read
  }
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
}

}  // namespace cloister::sqlite
