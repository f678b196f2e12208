#include "gate/accounts/host_accounts.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "gate/secrets/recovery_code.h"
#include "support/temporary_folder.h"

namespace cloister::gate::accounts {
namespace {

using secrets::Secret;
using Kind = AccountError::Kind;

const HostName kAnna("anna");
const HostName kBert("bert");
const Secret kTotpSecret("totp secret of anna");

secrets::SealingKey key(std::string_view master) { return secrets::SealingKey::from_bytes(as_bytes(master)); }

class HostAccountsTest : public testing::Test {
protected:
  void SetUp() override { accounts_ = open(); }

  std::unique_ptr<HostAccounts> open(std::string_view master = "a master key") {
    auto opened = HostAccounts::open(file(), key(master));
    EXPECT_TRUE(opened) << opened.error().doing;
    return opened ? std::move(*opened) : nullptr;
  }
  std::string file() const { return folder_ / "hosts.sqlite3"; }

  template <class T>
  static Kind refusal(const Result<T, AccountError>& result) {
    EXPECT_FALSE(result);
    return result.error().kind;
  }

  void turn_totp_on(const HostName& name) {
    codes_ = secrets::new_recovery_codes();
    ASSERT_TRUE(accounts_->set_second_factor(name, kTotpSecret, 100, codes_));
  }

  support::TemporaryFolder folder_;
  std::unique_ptr<HostAccounts> accounts_;
  std::vector<Secret> codes_;
};

TEST_F(HostAccountsTest, HostIsFoundAsAdded) {
  ASSERT_TRUE(accounts_->add(kAnna, "verifier of anna"));
  ASSERT_TRUE(accounts_->add(kBert, "verifier of bert"));
  const auto anna = accounts_->find(kAnna);
  ASSERT_TRUE(anna);
  EXPECT_EQ(anna->verifier, "verifier of anna");
  EXPECT_TRUE(anna->enabled);
  EXPECT_FALSE(anna->totp);
  EXPECT_EQ(accounts_->find(anna->id)->verifier, "verifier of anna");
  EXPECT_EQ(refusal(accounts_->find(HostName("nobody"))), Kind::absent);
}

TEST_F(HostAccountsTest, OutlivesTheProcess) {
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  turn_totp_on(kAnna);
  accounts_ = open();
  const auto anna = accounts_->find(kAnna);
  ASSERT_TRUE(anna && anna->totp);
  EXPECT_EQ(anna->totp->secret, kTotpSecret);
  EXPECT_EQ(anna->totp->last_step, 100U);
}

TEST_F(HostAccountsTest, NameIsTakenOnce) {
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  EXPECT_EQ(refusal(accounts_->add(kAnna, "w")), Kind::exists);
  EXPECT_EQ(accounts_->find(kAnna)->verifier, "v");
}

TEST_F(HostAccountsTest, NothingCanBeChangedAtAHostThatIsNotThere) {
  EXPECT_EQ(refusal(accounts_->remove(kAnna)), Kind::absent);
  EXPECT_EQ(refusal(accounts_->set_password(kAnna, "v")), Kind::absent);
  EXPECT_EQ(refusal(accounts_->set_enabled(kAnna, false)), Kind::absent);
  EXPECT_EQ(refusal(accounts_->set_second_factor(kAnna, kTotpSecret, 0, {})), Kind::absent);
  EXPECT_EQ(refusal(accounts_->clear_second_factor(kAnna)), Kind::absent);
  EXPECT_EQ(refusal(accounts_->set_recovery_codes(kAnna, {})), Kind::absent);
}

TEST_F(HostAccountsTest, ChangesEndEarlierSignIns) {
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  std::int64_t before = accounts_->find(kAnna)->generation;
  const auto rose = [&] {
    const std::int64_t now = accounts_->find(kAnna)->generation;
    return std::exchange(before, now) < now;
  };
  ASSERT_TRUE(accounts_->set_password(kAnna, "w"));
  EXPECT_TRUE(rose());
  ASSERT_TRUE(accounts_->set_enabled(kAnna, false));
  EXPECT_TRUE(rose());
  turn_totp_on(kAnna);
  EXPECT_TRUE(rose());
  ASSERT_TRUE(accounts_->set_recovery_codes(kAnna, secrets::new_recovery_codes()));
  EXPECT_FALSE(rose());
  ASSERT_TRUE(accounts_->clear_second_factor(kAnna));
  EXPECT_TRUE(rose());
}

TEST_F(HostAccountsTest, RemovedHostsNumberIsNeverGivenAgain) {
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  turn_totp_on(kAnna);
  const std::int64_t before = accounts_->find(kAnna)->id;
  ASSERT_TRUE(accounts_->remove(kAnna));
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  EXPECT_NE(accounts_->find(kAnna)->id, before);
  EXPECT_FALSE(accounts_->find(kAnna)->totp);
  EXPECT_EQ(accounts_->list()->front().recovery_codes, 0);
}

TEST_F(HostAccountsTest, RenewedVerifierLosesAgainstANewPassword) {
  ASSERT_TRUE(accounts_->add(kAnna, "old"));
  const auto before = accounts_->find(kAnna);
  ASSERT_TRUE(accounts_->renew_verifier(*before, "old at another cost"));
  EXPECT_EQ(accounts_->find(kAnna)->verifier, "old at another cost");
  ASSERT_TRUE(accounts_->set_password(kAnna, "new"));
  ASSERT_TRUE(accounts_->renew_verifier(*before, "old at another cost"));
  EXPECT_EQ(accounts_->find(kAnna)->verifier, "new");
}

TEST_F(HostAccountsTest, CodeIsUsedOnceAlsoByTwoProcesses) {
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  turn_totp_on(kAnna);
  const std::int64_t id = accounts_->find(kAnna)->id;
  const auto other = open();
  EXPECT_FALSE(*accounts_->use_totp_step(id, 100)) << "the code that turned it on";
  EXPECT_TRUE(*accounts_->use_totp_step(id, 101));
  EXPECT_FALSE(*other->use_totp_step(id, 101));
  EXPECT_FALSE(*other->use_totp_step(id, 100)) << "an older one after a newer one";
  EXPECT_TRUE(*other->use_totp_step(id, 102));
}

TEST_F(HostAccountsTest, RecoveryCodeIsUsedOnceAndOnlyByItsHost) {
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  ASSERT_TRUE(accounts_->add(kBert, "v"));
  turn_totp_on(kBert);
  turn_totp_on(kAnna);
  const std::int64_t anna = accounts_->find(kAnna)->id;
  const std::int64_t bert = accounts_->find(kBert)->id;
  EXPECT_FALSE(*accounts_->use_recovery_code(bert, codes_[0]));
  EXPECT_TRUE(*accounts_->use_recovery_code(anna, codes_[0]));
  EXPECT_FALSE(*accounts_->use_recovery_code(anna, codes_[0]));
  EXPECT_FALSE(*accounts_->use_recovery_code(anna, Secret("")));
  EXPECT_EQ(accounts_->list()->front().recovery_codes, 9);
}

TEST_F(HostAccountsTest, NewRecoveryCodesReplaceTheOldOnes) {
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  EXPECT_EQ(refusal(accounts_->set_recovery_codes(kAnna, {})), Kind::no_second_factor);
  turn_totp_on(kAnna);
  const auto renewed = secrets::new_recovery_codes();
  ASSERT_TRUE(accounts_->set_recovery_codes(kAnna, renewed));
  const std::int64_t id = accounts_->find(kAnna)->id;
  EXPECT_FALSE(*accounts_->use_recovery_code(id, codes_[0]));
  EXPECT_TRUE(*accounts_->use_recovery_code(id, renewed[0]));
}

TEST_F(HostAccountsTest, ListTellsTheOperatorWhatIsOn) {
  ASSERT_TRUE(accounts_->add(kBert, "v"));
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  turn_totp_on(kBert);
  ASSERT_TRUE(accounts_->set_enabled(kAnna, false));
  const auto hosts = accounts_->list();
  ASSERT_EQ(hosts->size(), 2U);
  EXPECT_EQ((*hosts)[0].name, kAnna);
  EXPECT_FALSE((*hosts)[0].enabled);
  EXPECT_EQ((*hosts)[0].second_factor, SecondFactor::off);
  EXPECT_EQ((*hosts)[1].second_factor, SecondFactor::on);
  EXPECT_EQ((*hosts)[1].recovery_codes, 10);
}

TEST_F(HostAccountsTest, FilesShowNoSecretAndNobodyElseReadsThem) {
  ASSERT_TRUE(accounts_->add(kAnna, "verifier of anna"));
  turn_totp_on(kAnna);
  for (const std::string& name : {file(), file() + "-wal", file() + "-shm"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(std::filesystem::status(name).permissions(), std::filesystem::perms(0600));
    std::ifstream in(name, std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(in), {}};
    EXPECT_EQ(content.find("verifier of anna"), std::string::npos);
    EXPECT_EQ(content.find(kTotpSecret.expose()), std::string::npos);
    EXPECT_EQ(content.find(secrets::spell_recovery_code(codes_[0].expose())->expose()), std::string::npos);
  }
}

TEST_F(HostAccountsTest, AnotherKeyOpensNothing) {
  ASSERT_TRUE(accounts_->add(kAnna, "v"));
  EXPECT_EQ(refusal(open("another master key")->find(kAnna)), Kind::system);
}

TEST_F(HostAccountsTest, FileThatOthersMayReadIsRefused) {
  chmod(file().c_str(), 0644);
  const auto opened = HostAccounts::open(file(), key("a master key"));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, std::errc::permission_denied);
}

TEST_F(HostAccountsTest, WhatIsNoDatabaseIsRefused) {
  const std::string other = folder_ / "other";
  std::ofstream(other) << "this is not a database, but it is long enough to be looked at as one";
  chmod(other.c_str(), 0600);
  EXPECT_FALSE(HostAccounts::open(other, key("a master key")));
  EXPECT_FALSE(HostAccounts::open(folder_ / "no/such/folder", key("a master key")));
}

}  // namespace
}  // namespace cloister::gate::accounts
