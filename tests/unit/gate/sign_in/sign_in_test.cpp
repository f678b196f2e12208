#include "gate/sign_in/sign_in.h"

#include <gtest/gtest.h>

#include "gate/secrets/recovery_code.h"
#include "gate/secrets/sign_in_token.h"
#include "gate/secrets/totp.h"
#include "support/fake_clock.h"
#include "support/temporary_folder.h"

namespace cloister::gate::sign_in {
namespace {

using accounts::HostName;
using secrets::Secret;
using Kind = Answer::Kind;

constexpr secrets::HashCost kCheap{.memory_kib = 1024, .passes = 1};
const HostName kAnna("anna");
constexpr std::string_view kPassword = "correct horse";
const SocketAddress kHome = *SocketAddress::parse("192.0.2.1", 0);

// Compares at once, or when the test says so; remembers how often.
struct Checks final : PasswordChecks {
  bool check(std::string verifier, Secret password, std::function<void(Outcome)> done) override {
    if (full) return false;
    ++count;
    const Outcome outcome = check_password(verifier, password, kCheap);
    if (before_answer) before_answer();
    done(outcome);
    return true;
  }
  int count = 0;
  bool full = false;
  std::function<void()> before_answer;
};

struct Bans final : BanRequests {
  void ban(const SocketAddress& source, Duration length) override { asked.emplace_back(source, length); }
  std::vector<std::pair<SocketAddress, Duration>> asked;
};

class SignInTest : public testing::Test {
protected:
  SignInTest() {
    const auto key = secrets::SealingKey::from_bytes(as_bytes("master"));
    accounts_ = std::move(*accounts::HostAccounts::open(folder_ / "hosts.sqlite3", key));
    EXPECT_TRUE(accounts_->add(kAnna, *secrets::make_verifier(Secret(std::string(kPassword)), kCheap)));
    sign_in_ = std::make_unique<SignIn>(SignIn::World{.accounts = *accounts_,
                                                      .checks = checks_,
                                                      .bans = bans_,
                                                      .clock = clock_,
                                                      .time_of_day = [this] { return time_of_day_; }},
                                        LimitSettings{}, TokenSettings{},
                                        *secrets::make_verifier(Secret("nobody's"), kCheap));
  }

  Answer ask(std::string_view user, std::string_view password, std::optional<Secret> code = {},
             const SocketAddress& source = kHome) {
    std::optional<Answer> said;
    sign_in_->check({.user = Personal(std::string(user)),
                     .password = Secret(std::string(password)),
                     .code = std::move(code),
                     .source = source,
                     .resumes = false},
                    [&said](const Answer& answer) { said = answer; });
    EXPECT_TRUE(said);
    return said.value_or(Answer{});
  }
  Kind result(std::string_view user, std::string_view password) { return ask(user, password).kind; }

  void turn_totp_on() {
    codes_ = secrets::new_recovery_codes();
    ASSERT_TRUE(accounts_->set_second_factor(kAnna, totp_secret_, 0, codes_));
  }
  std::string code() const {
    return secrets::totp_code(totp_secret_, secrets::totp_step(time_of_day_)).expose();
  }
  std::string with_code(std::string_view code) const { return std::string(kPassword) + std::string(code); }

  support::TemporaryFolder folder_;
  support::FakeClock clock_;
  std::chrono::system_clock::time_point time_of_day_{std::chrono::seconds(1'790'000'000)};
  std::unique_ptr<accounts::HostAccounts> accounts_;
  Checks checks_;
  Bans bans_;
  std::unique_ptr<SignIn> sign_in_;
  Secret totp_secret_{"12345678901234567890"};
  std::vector<Secret> codes_;
};

TEST_F(SignInTest, HostSignsInWithPassword) {
  EXPECT_EQ(result("anna", kPassword), Kind::accepted);
  EXPECT_EQ(result("Anna", kPassword), Kind::accepted);
  EXPECT_EQ(sign_in_->counters().accepted.value(), 2U);
}

TEST_F(SignInTest, EverybodyElseGetsTheSameRefusalForTheSameWork) {
  ASSERT_TRUE(
      accounts_->add(HostName("off"), *secrets::make_verifier(Secret(std::string(kPassword)), kCheap)));
  ASSERT_TRUE(accounts_->set_enabled(HostName("off"), false));
  const std::pair<std::string_view, std::string_view> refused[] = {
      {"anna",      "wrong password"},
      {"nobody",    kPassword       },
      {"no host's", kPassword       },
      {"",          kPassword       },
      {"off",       kPassword       },
      {"off",       "wrong"         },
      {"anna",      ""              },
      {"anna",      "\xff"          },
      {"nobody",    "nobody's"      }, // the verifier that unknown names are compared with opens nothing
  };
  for (const auto& [user, password] : refused) {
    SCOPED_TRACE(user);
    const int before = checks_.count;
    EXPECT_EQ(result(user, password), Kind::refused);
    EXPECT_EQ(checks_.count, before + 1) << "one password check, whoever it is";
  }
}

TEST_F(SignInTest, CodeFollowsThePasswordInOneField) {
  turn_totp_on();
  EXPECT_EQ(result("anna", kPassword), Kind::refused);
  EXPECT_EQ(result("anna", with_code("000000")), Kind::refused);
  EXPECT_EQ(result("anna", with_code(code())), Kind::accepted);
}

TEST_F(SignInTest, CodeHasAFieldOfItsOwn) {
  turn_totp_on();
  EXPECT_EQ(ask("anna", kPassword, Secret()).kind, Kind::refused);
  EXPECT_EQ(ask("anna", with_code(code()), Secret()).kind, Kind::refused);
  EXPECT_EQ(ask("anna", kPassword, Secret(code())).kind, Kind::accepted);
}

TEST_F(SignInTest, CodeOfAnAccountWithoutSecondFactorIsNotAskedFor) {
  EXPECT_EQ(ask("anna", kPassword, Secret()).kind, Kind::accepted);
  EXPECT_EQ(ask("anna", kPassword, Secret("123456")).kind, Kind::accepted);
}

TEST_F(SignInTest, CodeCountsOnce) {
  turn_totp_on();
  const std::string overheard = with_code(code());
  EXPECT_EQ(result("anna", overheard), Kind::accepted);
  EXPECT_EQ(result("anna", overheard), Kind::refused);
  time_of_day_ += std::chrono::seconds(30);
  EXPECT_EQ(result("anna", overheard), Kind::refused);
  EXPECT_EQ(result("anna", with_code(code())), Kind::accepted);
}

TEST_F(SignInTest, ReturningToALiveSessionTakesThePasswordButNoNewCode) {
  turn_totp_on();
  const std::string typed = with_code(code());
  EXPECT_EQ(result("anna", typed), Kind::accepted);
  for (int i = 0; i < 50; ++i) (void)result("anna", "a pupil's guess");
  const auto resume = [this](std::string_view password) {
    std::optional<Answer> said;
    sign_in_->check({.user = Personal<std::string>("anna"),
                     .password = Secret(std::string(password)),
                     .code = {},
                     .source = kHome,
                     .resumes = true},
                    [&said](const Answer& answer) { said = answer; });
    return said.value_or(Answer{}).kind;
  };
  EXPECT_EQ(resume(typed), Kind::accepted);
  EXPECT_EQ(resume("wrong password" + code()), Kind::refused);
  clock_.advance(5min);
  EXPECT_EQ(result("anna", typed), Kind::refused) << "a new session needs a new code";
}

TEST_F(SignInTest, WrongPasswordSpendsNoCode) {
  turn_totp_on();
  EXPECT_EQ(result("anna", "wrong password" + code()), Kind::refused);
  EXPECT_EQ(result("anna", with_code(code())), Kind::accepted);
}

TEST_F(SignInTest, RecoveryCodeStandsInOnce) {
  turn_totp_on();
  EXPECT_EQ(result("anna", with_code(codes_[3].expose())), Kind::accepted);
  EXPECT_EQ(result("anna", with_code(codes_[3].expose())), Kind::refused);
  EXPECT_EQ(ask("anna", kPassword, codes_[4]).kind, Kind::accepted);
}

TEST_F(SignInTest, HostDisabledMeanwhileStaysOut) {
  checks_.before_answer = [this] { ASSERT_TRUE(accounts_->set_enabled(kAnna, false)); };
  EXPECT_EQ(result("anna", kPassword), Kind::refused);
}

TEST_F(SignInTest, HostRemovedMeanwhileStaysOut) {
  checks_.before_answer = [this] { ASSERT_TRUE(accounts_->remove(kAnna)); };
  EXPECT_EQ(result("anna", kPassword), Kind::refused);
}

TEST_F(SignInTest, VerifierOfAnotherCostIsRenewedAtSignIn) {
  ASSERT_TRUE(accounts_->set_password(
      kAnna, *secrets::make_verifier(Secret(std::string(kPassword)), {.memory_kib = 2048, .passes = 1})));
  EXPECT_EQ(result("anna", kPassword), Kind::accepted);
  EXPECT_TRUE(secrets::has_cost(accounts_->find(kAnna)->verifier, kCheap));
  EXPECT_EQ(result("anna", kPassword), Kind::accepted);
}

TEST_F(SignInTest, TokenStandsForPasswordAndCode) {
  turn_totp_on();
  const Answer answer = ask("anna", with_code(code()));
  const Secret token = sign_in_->issue_token(answer.owner);
  const int before = checks_.count;
  EXPECT_EQ(result("anna", token.expose()), Kind::accepted);
  EXPECT_EQ(result("anna", token.expose()), Kind::accepted) << "a reload";
  EXPECT_EQ(checks_.count, before) << "costs no password check";
  EXPECT_EQ(result("bert", token.expose()), Kind::refused) << "somebody else's name";
}

TEST_F(SignInTest, TokenEndsWithTheAccountAsItWas) {
  const auto fresh = [this] { return sign_in_->issue_token(ask("anna", kPassword).owner); };
  Secret token = fresh();
  ASSERT_TRUE(accounts_->set_enabled(kAnna, false));
  EXPECT_EQ(result("anna", token.expose()), Kind::refused);
  ASSERT_TRUE(accounts_->set_enabled(kAnna, true));
  EXPECT_EQ(result("anna", token.expose()), Kind::refused) << "disabled once, ended for good";
  token = fresh();
  ASSERT_TRUE(
      accounts_->set_password(kAnna, *secrets::make_verifier(Secret(std::string(kPassword)), kCheap)));
  EXPECT_EQ(result("anna", token.expose()), Kind::refused);
  token = fresh();
  sign_in_->revoke_token(token);
  EXPECT_EQ(result("anna", token.expose()), Kind::refused);
}

TEST_F(SignInTest, OldTokenIsNoWrongPassword) {
  for (int i = 0; i < 50; ++i) EXPECT_EQ(result("anna", secrets::new_token_text().expose()), Kind::refused);
  EXPECT_EQ(result("anna", kPassword), Kind::accepted);
}

TEST_F(SignInTest, GuessingIsPutOffThenReported) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(result("anna", "wrong"), Kind::refused);
  const Answer put_off = ask("anna", kPassword);
  EXPECT_EQ(put_off.kind, Kind::wait);
  EXPECT_EQ(put_off.wait, 1s);
  for (int i = 0; i < 30; ++i) (void)result("anna", "wrong");
  EXPECT_EQ(bans_.asked, (std::vector{std::pair(kHome, Duration(1h))}));
  clock_.advance(5min);
  EXPECT_EQ(result("anna", kPassword), Kind::accepted);
}

TEST_F(SignInTest, UnknownNamesArePutOffLikeKnownOnes) {
  for (int i = 0; i < 10; ++i) EXPECT_EQ(result("nobody", "wrong"), Kind::refused);
  EXPECT_EQ(result("nobody", "wrong"), Kind::wait);
}

TEST_F(SignInTest, OwnMachineIsNeverReported) {
  for (int i = 0; i < 100; ++i) (void)ask("anna", "wrong", {}, *SocketAddress::parse("127.0.0.1", 0));
  EXPECT_TRUE(bans_.asked.empty());
}

TEST_F(SignInTest, TooMuchAtOnceIsNobodysFailure) {
  checks_.full = true;
  for (int i = 0; i < 50; ++i) EXPECT_EQ(result("anna", kPassword), Kind::busy);
  checks_.full = false;
  EXPECT_EQ(result("anna", kPassword), Kind::accepted);
}

}  // namespace
}  // namespace cloister::gate::sign_in
