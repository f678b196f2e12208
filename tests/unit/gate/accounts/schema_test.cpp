#include "gate/accounts/schema.h"

#include <gtest/gtest.h>

#include "sqlite/migrations.h"
#include "support/temporary_folder.h"

namespace cloister::gate::accounts {
namespace {

TEST(Schema, MakesStrictTablesWithForeignKeysInWriteAheadMode) {
  const support::TemporaryFolder folder;
  sqlite::Database database(folder / "x");
  sqlite::migrate(database, schema_steps());
  sqlite::Statement loose(database,
                          "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND type = 'table'"
                          " AND NOT strict AND name NOT LIKE 'sqlite%'");
  ASSERT_TRUE(loose.step());
  EXPECT_EQ(loose.number(0), 0);
  for (const auto& [pragma, value] :
       {std::pair("foreign_keys", "1"), std::pair("journal_mode", "wal"), std::pair("synchronous", "2")}) {
    sqlite::Statement setting(database, std::string("PRAGMA ") + pragma);
    ASSERT_TRUE(setting.step());
    EXPECT_EQ(setting.text(0), value) << pragma;
  }
}

}  // namespace
}  // namespace cloister::gate::accounts
