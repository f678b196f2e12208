// From a machine's files to a backup and back, on real files and a real database.
#include "cli/backup/restoration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "cli/backup/files.h"
#include "sqlite/database.h"
#include "support/temporary_folder.h"

namespace cloister::cli::backup {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Change = Step::Change;

class RestorationTest : public testing::Test {
protected:
  void SetUp() override {
    fs::create_directories(folder_ / "etc/tls/0011");
    fs::create_symlink("0011", folder_ / "etc/tls/live");
    write("etc/gate.yaml", "issuer: here\n");
    write("etc/focus.password", "the machine's own");
    write("etc/tls/0011/privkey.pem", "key");
    fs::permissions(folder_ / "etc/gate.yaml", fs::perms(0640));
    sqlite::Database accounts(database_);
    accounts.run("CREATE TABLE host (name TEXT); INSERT INTO host VALUES ('ada')");
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(folder_ / name) << text;
  }
  std::string read(const std::string& path) const {
    std::ostringstream out;
    out << std::ifstream(path).rdbuf();
    return out.str();
  }
  std::string hosts() const {
    sqlite::Database accounts(database_);
    sqlite::Statement all(accounts, "SELECT group_concat(name) FROM host");
    all.step();
    return all.text(0);
  }
  Archive back_up() const { return {.made = 1, .host = "h", .entries = *collect(settings_)}; }
  Change change_of(const std::vector<Step>& steps, const std::string& name) const {
    for (const auto& [entry, change] : steps)
      if (entry.path == folder_ / name) return change;
    ADD_FAILURE() << name;
    return Change::none;
  }

  support::TemporaryFolder folder_;
  std::string database_ = folder_ / "hosts.sqlite3";
  machine::BackupSettings settings_{.paths = {folder_ / "etc"},
                                    .databases = {database_},
                                    .without = {folder_ / "etc/*.password"},
                                    .kept = folder_ / "kept"};
};

TEST_F(RestorationTest, BackupHoldsWhatTheSettingsNameAndNotTheMachinesOwnSecrets) {
  std::vector<std::string> paths;
  for (const Entry& one : back_up().entries) paths.push_back(one.path);
  EXPECT_THAT(paths,
              testing::UnorderedElementsAre(folder_ / "etc", folder_ / "etc/gate.yaml", folder_ / "etc/tls",
                                            folder_ / "etc/tls/0011", folder_ / "etc/tls/0011/privkey.pem",
                                            folder_ / "etc/tls/live", database_));
}

TEST_F(RestorationTest, AllThatWasLostIsThereAgain) {
  const Archive archive = back_up();
  fs::remove_all(folder_ / "etc");
  fs::remove(database_);
  const auto steps = plan_restoration(archive, settings_);
  ASSERT_TRUE(steps) << steps.error();
  ASSERT_TRUE(restore(*steps, folder_ / "kept/now"));
  EXPECT_EQ(read(folder_ / "etc/gate.yaml"), "issuer: here\n");
  EXPECT_EQ(fs::status(folder_ / "etc/gate.yaml").permissions(), fs::perms(0640));
  EXPECT_EQ(read(folder_ / "etc/tls/live/privkey.pem"), "key");
  EXPECT_EQ(hosts(), "ada");
}

TEST_F(RestorationTest, NothingIsToDoWhereNothingChanged) {
  const auto steps = plan_restoration(back_up(), settings_);
  ASSERT_TRUE(steps);
  for (const Step& step : *steps) {
    EXPECT_EQ(step.change, Change::none) << step.entry.path;
  }
}

TEST_F(RestorationTest, WhatIsReplacedIsKept) {
  const Archive archive = back_up();
  write("etc/gate.yaml", "issuer: changed\n");
  sqlite::Database(database_).run("INSERT INTO host VALUES ('eve')");
  const auto steps = plan_restoration(archive, settings_);
  ASSERT_TRUE(steps);
  EXPECT_EQ(change_of(*steps, "etc/gate.yaml"), Change::replaced);
  EXPECT_EQ(change_of(*steps, "etc/tls/live"), Change::none);
  const std::string kept = folder_ / "kept/now";
  ASSERT_TRUE(restore(*steps, kept));
  EXPECT_EQ(read(folder_ / "etc/gate.yaml"), "issuer: here\n");
  EXPECT_EQ(hosts(), "ada");
  EXPECT_EQ(read(kept + (folder_ / "etc/gate.yaml")), "issuer: changed\n");
  EXPECT_EQ(fs::status(kept).permissions(), fs::perms(0700));
  database_ = kept + database_;
  EXPECT_EQ(hosts(), "ada,eve");
}

TEST_F(RestorationTest, AServiceThatHasTheAccountsOpenSeesTheOldOnesOrTheNewOnes) {
  const Archive archive = back_up();
  sqlite::Database gate(database_);
  gate.run("INSERT INTO host VALUES ('eve')");
  ASSERT_TRUE(restore(*plan_restoration(archive, settings_), folder_ / "kept/now"));
  sqlite::Statement count(gate, "SELECT count(*) FROM host");
  ASSERT_TRUE(count.step());
  EXPECT_EQ(count.number(0), 1);
}

TEST_F(RestorationTest, NothingIsWrittenElsewhere) {
  Archive archive = back_up();
  archive.entries.push_back({Entry::Kind::file, 0644, "root", "root", folder_ / "etcetera", "x"});
  const auto steps = plan_restoration(archive, settings_);
  ASSERT_FALSE(steps);
  EXPECT_THAT(steps.error(), HasSubstr("etcetera, which is no operator's data here"));
}

TEST_F(RestorationTest, ABrokenDatabaseIsRefusedBeforeAnythingChanges) {
  Archive archive = back_up();
  for (Entry& one : archive.entries)
    if (one.kind == Entry::Kind::database) one.content.replace(0, 16, "no database here");
  const auto steps = plan_restoration(archive, settings_);
  ASSERT_FALSE(steps);
  EXPECT_THAT(steps.error(), HasSubstr("no whole database"));
  EXPECT_EQ(hosts(), "ada");
}

TEST_F(RestorationTest, AFileThatIsThereIsNotOverwrittenByABackup) {
  write("backup", "an older one");
  const auto written = write_new(folder_ / "backup", "new");
  ASSERT_FALSE(written);
  EXPECT_THAT(written.error(), HasSubstr("already"));
  EXPECT_EQ(read(folder_ / "backup"), "an older one");
}

}  // namespace
}  // namespace cloister::cli::backup
