#include "gate/secrets/sealing_key.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "support/temporary_folder.h"

namespace cloister::gate::secrets {
namespace {

SealingKey key(unsigned char fill) {
  std::array<unsigned char, SealingKey::kSize> bytes{};
  bytes.fill(fill);
  return SealingKey::from_bytes(std::as_bytes(std::span(bytes)));
}

const Secret kSecret("what nobody else may read");

TEST(SealingKey, OpensWhatItSealed) {
  const std::string sealed = key(1).seal("totp of host 1", kSecret);
  EXPECT_EQ(sealed.find("nobody"), std::string::npos);
  EXPECT_EQ(key(1).open("totp of host 1", sealed), kSecret);
  EXPECT_EQ(key(1).open("empty", key(1).seal("empty", Secret())), Secret());
}

TEST(SealingKey, SealsTheSameDifferentlyEachTime) {
  EXPECT_NE(key(1).seal("x", kSecret), key(1).seal("x", kSecret));
}

TEST(SealingKey, OpensNothingOfAnotherKeyOrAnotherPlace) {
  const std::string sealed = key(1).seal("totp of host 1", kSecret);
  EXPECT_FALSE(key(2).open("totp of host 1", sealed));
  EXPECT_FALSE(key(1).open("totp of host 2", sealed));
}

TEST(SealingKey, OpensNothingThatWasTouched) {
  const std::string sealed = key(1).seal("x", kSecret);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string touched = sealed;
    touched[i] = static_cast<char>(touched[i] ^ 1);
    EXPECT_FALSE(key(1).open("x", touched)) << i;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    EXPECT_FALSE(key(1).open("x", std::string_view(sealed).substr(0, size))) << size;
}

TEST(SealingKey, VerifierDependsOnKeyPlaceAndSecret) {
  const Digest verifier = key(1).verifier("host 1", kSecret);
  EXPECT_EQ(verifier, key(1).verifier("host 1", kSecret));
  EXPECT_NE(verifier, key(2).verifier("host 1", kSecret));
  EXPECT_NE(verifier, key(1).verifier("host 2", kSecret));
  EXPECT_NE(verifier, key(1).verifier("host 1", Secret("another")));
  // Where one ends and the other begins matters.
  EXPECT_NE(key(1).verifier("host 1", Secret("2")), key(1).verifier("host 12", Secret("")));
}

TEST(SealingKey, IsMadeOnceAndForItsOwnerOnly) {
  const support::TemporaryFolder folder;
  const std::string file = folder / "gate.key";
  ASSERT_TRUE(SealingKey::make(file));
  EXPECT_EQ(std::filesystem::file_size(file), SealingKey::kSize);
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
  const auto again = SealingKey::make(file);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, std::errc::file_exists);

  const auto first = SealingKey::load(file);
  ASSERT_TRUE(first);
  EXPECT_EQ(SealingKey::load(file)->open("x", first->seal("x", kSecret)), kSecret);
}

TEST(SealingKey, IsNotTakenFromAFileThatOthersMayRead) {
  const support::TemporaryFolder folder;
  const std::string file = folder / "gate.key";
  ASSERT_TRUE(SealingKey::make(file));
  for (const mode_t mode : {0644U, 0660U, 0604U, 0602U}) {
    chmod(file.c_str(), mode);
    EXPECT_EQ(SealingKey::load(file).error().code, std::errc::permission_denied) << std::oct << mode;
  }
  chmod(file.c_str(), 0640);
  EXPECT_TRUE(SealingKey::load(file));
}

TEST(SealingKey, IsNotTakenFromAFileOfAnotherLength) {
  const support::TemporaryFolder folder;
  const std::string file = folder / "gate.key";
  EXPECT_FALSE(SealingKey::load(file));
  for (const std::size_t size : {0U, 31U, 33U}) {
    std::ofstream(file) << std::string(size, 'k');
    chmod(file.c_str(), 0600);
    EXPECT_FALSE(SealingKey::load(file)) << size;
  }
}

}  // namespace
}  // namespace cloister::gate::secrets
