// The file of a backup: who has no passphrase reads nothing, and what is wrong with a file is told apart.
#include "cli/backup/sealed.h"

#include <gtest/gtest.h>

namespace cloister::cli::backup {
namespace {

constexpr SealCost kCheap{.memory_kib = 64, .passes = 1};
const Secret kPassphrase("correct horse battery staple");
const std::string kContent = "hosts.sqlite3 and all the rest";

std::string sealed() { return *seal(kPassphrase, kContent, kCheap); }
SealError refusal(const std::string& file, const Secret& passphrase = kPassphrase) {
  const auto opened = unseal(passphrase, as_bytes(file));
  EXPECT_FALSE(opened);
  return opened ? SealError::not_a_backup : opened.error();
}

TEST(Sealed, OpensWithItsPassphrase) {
  const std::string file = sealed();
  EXPECT_EQ(file.find("sqlite"), std::string::npos);
  const auto opened = unseal(kPassphrase, as_bytes(file));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened->expose(), kContent);
}

TEST(Sealed, IsAnotherFileEachTime) { EXPECT_NE(sealed(), sealed()); }

TEST(Sealed, TellsAWrongPassphraseFromADamagedFile) {
  std::string file = sealed();
  EXPECT_EQ(refusal(file, Secret("correct horse battery stable")), SealError::wrong_passphrase);
  file.back() = static_cast<char>(file.back() ^ 1);
  EXPECT_EQ(refusal(file), SealError::damaged);
}

TEST(Sealed, OpensNoFileWithAnyBitChanged) {
  const std::string good = sealed();
  for (std::size_t at = 0; at < good.size(); ++at) {
    if (at >= 17 && at < 25) continue;  // what Argon2id costs: next test
    std::string file = good;
    file[at] = static_cast<char>(file[at] ^ 0x10);
    EXPECT_FALSE(unseal(kPassphrase, as_bytes(file))) << at;
  }
}

TEST(Sealed, RefusesACostThatNoBackupHas) {
  for (const std::size_t at : {17U, 21U}) {  // memory, passes: their highest bytes
    std::string file = sealed();
    file[at] = '\x7f';
    EXPECT_EQ(refusal(file), SealError::bad_cost);
  }
}

TEST(Sealed, RefusesEveryPartOfItself) {
  const std::string file = sealed();
  for (std::size_t length = 0; length < file.size(); ++length) {
    const auto part = check_sealed(as_bytes(file).first(length));
    ASSERT_FALSE(part);
    EXPECT_EQ(part.error(), length < 16 ? SealError::not_a_backup : SealError::truncated) << length;
  }
  EXPECT_EQ(refusal(file + "x"), SealError::bytes_left);
}

TEST(Sealed, RefusesForeignFilesAndThoseOfTheFuture) {
  EXPECT_EQ(refusal("SQLite format 3, or something else that is long enough to be one"),
            SealError::not_a_backup);
  std::string file = sealed();
  file[16] = '\x02';
  EXPECT_EQ(refusal(file), SealError::other_version);
}

}  // namespace
}  // namespace cloister::cli::backup
