#include "base/private_file.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support/temporary_folder.h"

namespace cloister {
namespace {

constexpr gid_t kOther = 65534;

TEST(PrivateFile, IsWrittenOnceForItsOwnerOnly) {
  const support::TemporaryFolder folder;
  const std::string file = folder / "secret";
  ASSERT_TRUE(write_private(file, "content"));
  EXPECT_TRUE(require_private(file));
  EXPECT_EQ(write_private(file, "other").error().code, std::errc::file_exists);
  EXPECT_EQ(require_private(folder / "absent").error().code, std::errc::no_such_file_or_directory);
}

TEST(PrivateFile, IsSharedWithTheGroupOfAFolder) {
  if (geteuid() != 0) GTEST_SKIP() << "only root gives files away";
  const support::TemporaryFolder folder;
  const std::string file = folder / "secret";
  ASSERT_TRUE(write_private(file, "content"));
  ASSERT_EQ(chown((folder / "").c_str(), kOther, kOther), 0);
  ASSERT_TRUE(share_with_group_of(folder / "", file));
  struct stat about {};
  ASSERT_EQ(stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_gid, kOther);
  EXPECT_EQ(about.st_uid, 0U);
  EXPECT_EQ(about.st_mode & 07777U, 0640U);
  EXPECT_TRUE(require_private(file));
  EXPECT_FALSE(share_with_group_of(folder / "absent", file));
}

}  // namespace
}  // namespace cloister
