// sqlite3 as values: nobody else sees a handle. One thread per Database.
// What sqlite3 refuses is thrown as DatabaseFailure and ends in the class that owns the Database, which
// returns it as a Result.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

struct sqlite3;
struct sqlite3_stmt;

namespace cloister::sqlite {

// sqlite3's result codes as error codes.
const std::error_category& sqlite_category();

struct DatabaseFailure {
  std::error_code code;
};

class Database;

// One prepared statement, used once. `?1` is bound by the first bind().
class Statement {
public:
  Statement(Database& database, std::string_view sql);

  Statement& bind(std::int64_t number);
  Statement& bind(std::string_view text);
  Statement& bind_blob(std::string_view bytes);
  // True while there is a row.
  bool step();
  // For statements that give no rows.
  void run();

  std::int64_t number(int column) const;
  std::string text(int column) const;
  std::string blob(int column) const;
  bool is_null(int column) const;

private:
  struct Finalize {
    void operator()(sqlite3_stmt* statement) const;
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
  int bound_ = 0;
};

enum class Access : std::uint8_t { read_write, read_only };

class Database {
public:
  // Makes the file when there is none. WAL, foreign keys, synced commits; waits two seconds for another
  // process's transaction. To read only changes nothing on the disk, whoever else has the file open.
  explicit Database(const std::string& path, Access access = Access::read_write);

  void run(std::string_view sql);  // one or more statements without parameters
  std::int64_t changes() const;    // rows that the last statement changed
  std::int64_t user_version();

private:
  friend class Statement;
  void open(const std::string& name, int flags);
  struct Close {
    void operator()(sqlite3* handle) const;
  };
  std::unique_ptr<sqlite3, Close> handle_;
};

// Writes all or nothing: rolled back when it dies uncommitted. Takes the writer's place at once.
class Transaction {
public:
  explicit Transaction(Database& database) : database_(database) { database_.run("BEGIN IMMEDIATE"); }
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

private:
  Database& database_;
  bool open_ = true;
};

}  // namespace cloister::sqlite
