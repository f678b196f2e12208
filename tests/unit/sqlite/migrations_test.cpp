#include "sqlite/migrations.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <array>

#include "support/temporary_folder.h"

namespace cloister::sqlite {
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

}  // namespace
}  // namespace cloister::sqlite
