#include "cli/backup/archive.h"

#include <gtest/gtest.h>

namespace cloister::cli::backup {
namespace {

using Kind = Entry::Kind;

Archive sample() {
  return {
      .made = 1'764'000'000,
      .host = "meet.example.org",
      .entries = {
                  {Kind::folder, 0755, "root", "root", "/etc/cloister", ""},
                  {Kind::file, 0640, "root", "cloister-gate", "/etc/cloister/gate.yaml", std::string("a\0b", 3)},
                  {Kind::link, 0777, "root", "root", "/etc/cloister/tls/live", "0011223344556677"},
                  {Kind::database, 0600, "cloister-gate", "cloister-gate", "/var/lib/cloister/gate/hosts.sqlite3",
           "db"}}
  };
}

TEST(Archive, ReadsWhatItWrote) {
  const std::string bytes = write_archive(sample());
  const auto back = parse_archive(as_bytes(bytes));
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, sample());
}

TEST(Archive, RefusesEveryPartOfItself) {
  const std::string bytes = write_archive(sample());
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    const auto part = parse_archive(as_bytes(bytes).first(length));
    ASSERT_FALSE(part) << length;
    EXPECT_EQ(part.error(), ArchiveError::truncated) << length;
  }
  const auto longer = parse_archive(as_bytes(bytes + "x"));
  ASSERT_FALSE(longer);
  EXPECT_EQ(longer.error(), ArchiveError::bytes_left);
}

TEST(Archive, RefusesWhatARestorationMustNotMeet) {
  struct Case {
    const char* why;
    Entry entry;
    ArchiveError error;
  };
  const Case cases[] = {
      {"leads upwards",
       {Kind::file, 0600, "root", "root", "/etc/cloister/../shadow", ""},
       ArchiveError::bad_path                                                                                    },
      {"relative",              {Kind::file, 0600, "root", "root", "etc/shadow", ""},      ArchiveError::bad_path},
      {"two slashes",           {Kind::file, 0600, "root", "root", "/etc//shadow", ""},    ArchiveError::bad_path},
      {"an end inside",
       {Kind::file, 0600, "root", "root", std::string("/etc/a\0b", 8), ""},
       ArchiveError::bad_path                                                                                    },
      {"the root",              {Kind::folder, 0600, "root", "root", "/", ""},             ArchiveError::bad_path},
      {"no owner",              {Kind::file, 0600, "", "root", "/etc/a", ""},              ArchiveError::bad_name},
      {"an odd owner",          {Kind::file, 0600, "root;", "root", "/etc/a", ""},         ArchiveError::bad_name},
      {"more than permissions", {Kind::file, 010000, "root", "root", "/etc/a", ""},        ArchiveError::bad_mode},
      {"a link elsewhere",      {Kind::link, 0777, "root", "root", "/etc/a", "../shadow"}, ArchiveError::bad_link},
      {"a link upwards",        {Kind::link, 0777, "root", "root", "/etc/a", ".."},        ArchiveError::bad_link},
  };
  for (const auto& [why, entry, error] : cases) {
    SCOPED_TRACE(why);
    const auto read = parse_archive(as_bytes(write_archive({.made = 0, .host = "h", .entries = {entry}})));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error(), error);
  }
}

TEST(Archive, RefusesAPathThatComesTwice) {
  const Entry one{Kind::file, 0600, "root", "root", "/etc/a", ""};
  const auto read = parse_archive(as_bytes(write_archive({
      .made = 0, .host = "h", .entries = {one, one}
  })));
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error(), ArchiveError::twice);
}

TEST(Archive, AllocatesNothingForAnnouncementsThatCannotBe) {
  std::string bytes = write_archive({.made = 0, .host = "h", .entries = {}});
  bytes[bytes.size() - 8] = '\x7f';  // the number of entries
  const auto many = parse_archive(as_bytes(bytes));
  ASSERT_FALSE(many);
  EXPECT_EQ(many.error(), ArchiveError::too_many);
}

}  // namespace
}  // namespace cloister::cli::backup
