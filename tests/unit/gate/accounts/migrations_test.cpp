#include "gate/accounts/migrations.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <array>

#include "support/temporary_folder.h"

namespace cloister::gate::accounts {
namespace {

using Steps = std::array<std::string_view, 3>;
constexpr Steps kSteps{"CREATE TABLE a (x INTEGER) STRICT", "INSERT INTO a VALUES (1)",
                       "INSERT INTO a VALUES (2)"};

std::int64_t rows(Database& database) {
  Statement count(database, "SELECT count(*) FROM a");
  EXPECT_TRUE(count.step());
  return count.number(0);
}

int refusal(Database& database, std::span<const std::string_view> steps) {
  try {
    migrate(database, steps);
    return SQLITE_OK;
  } catch (const DatabaseFailure& failure) {
    return failure.code.value();
  }
}

TEST(Migrations, BringANewFileUpToDate) {
  const support::TemporaryFolder folder;
  Database database(folder / "x");
  migrate(database, kSteps);
  EXPECT_EQ(database.user_version(), 3);
  EXPECT_EQ(rows(database), 2);
}

TEST(Migrations, TakeOnlyTheStepsThatAreMissing) {
  const support::TemporaryFolder folder;
  {
    Database old(folder / "x");
    migrate(old, std::span(kSteps).first(2));
    EXPECT_EQ(old.user_version(), 2);
  }
  Database database(folder / "x");
  migrate(database, kSteps);
  migrate(database, kSteps);
  EXPECT_EQ(rows(database), 2);
}

TEST(Migrations, LeaveAFileOfANewerVersionAlone) {
  const support::TemporaryFolder folder;
  Database database(folder / "x");
  migrate(database, kSteps);
  EXPECT_EQ(refusal(database, std::span(kSteps).first(2)), SQLITE_SCHEMA);
  EXPECT_EQ(database.user_version(), 3);
}

TEST(Migrations, TakeAllStepsOrNone) {
  const support::TemporaryFolder folder;
  Database database(folder / "x");
  migrate(database, std::span(kSteps).first(1));
  constexpr Steps kBroken{kSteps[0], kSteps[1], "INSERT INTO no_such_table VALUES (1)"};
  EXPECT_NE(refusal(database, kBroken), SQLITE_OK);
  EXPECT_EQ(database.user_version(), 1);
  EXPECT_EQ(rows(database), 0);
}

TEST(Migrations, MakeStrictTablesWithForeignKeysInWriteAheadMode) {
  const support::TemporaryFolder folder;
  Database database(folder / "x");
  migrate(database, schema_steps());
  Statement loose(database,
                  "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                  " AND NOT strict AND name NOT LIKE 'sqlite%'");
  ASSERT_TRUE(loose.step());
  EXPECT_EQ(loose.number(0), 0);
  for (const auto& [pragma, value] :
       {std::pair("foreign_keys", "1"), std::pair("journal_mode", "wal"), std::pair("synchronous", "2")}) {
    Statement setting(database, std::string("PRAGMA ") + pragma);
    ASSERT_TRUE(setting.step());
    EXPECT_EQ(setting.text(0), value) << pragma;
  }
}

}  // namespace
}  // namespace cloister::gate::accounts
