// The decision whether somebody is the host that they say. An unknown name, a disabled account, a wrong
// password and a wrong code cost the same time (one password check) and get the same answer.
// Gate thread only. An answer that needs no password check comes from inside check().
#pragma once

#include <functional>
#include <memory>

#include "base/metrics.h"
#include "gate/accounts/host_accounts.h"
#include "gate/sign_in/attempt_limits.h"
#include "gate/sign_in/ban_requests.h"
#include "gate/sign_in/credentials.h"
#include "gate/sign_in/password_checks.h"
#include "gate/sign_in/tokens.h"

namespace cloister::gate::sign_in {

// Totals for the operator.
struct SignInCounters {
  Counter accepted;
  Counter refused;      // wrong in whatever way
  Counter held_back;    // to come again later: too many failures
  Counter turned_away;  // too many at once
  Counter failed;       // the database did not do its part
  Counter bans_requested;
  Counter tokens_issued;
};

struct Question {
  Personal<std::string> user;
  secrets::Secret password;             // with a code appended when there is no `code`; or a token
  std::optional<secrets::Secret> code;  // from a field of its own; may be empty
  SocketAddress source;
  // The XMPP server vouches that the client knows the secret of a live session of this user, and returns to
  // it after a lost connection. It sends what it sent before: its code is spent, and was spent by this
  // session.
  bool resumes = false;
};

struct Answer {
  enum class Kind : std::uint8_t { accepted, refused, wait, busy, unavailable };
  Kind kind = Kind::refused;
  Duration wait{};     // of Kind::wait
  TokenOwner owner{};  // of Kind::accepted
};

class SignIn {
public:
  // What it needs of the world. All outlive it.
  struct World {
    accounts::HostAccounts& accounts;
    PasswordChecks& checks;
    BanRequests& bans;
    const Clock& clock;
    std::function<std::chrono::system_clock::time_point()> time_of_day;  // codes follow the calendar
  };
  using Done = std::function<void(Answer)>;

  // `dummy_verifier`: of nobody's password, at today's cost; unknown names are checked against it.
  SignIn(World world, LimitSettings limits, TokenSettings tokens, std::string dummy_verifier);
  ~SignIn();

  void check(Question question, Done done);
  // A token for whoever was just accepted.
  secrets::Secret issue_token(TokenOwner owner);
  void revoke_token(const secrets::Secret& token) { tokens_.revoke(token); }
  // Drops what is over; every minute or so.
  void forget_old();
  const SignInCounters& counters() const { return counters_; }

private:
  struct Case;  // one question on its way
  static std::shared_ptr<Case> open_case(Question question, Done done);
  Answer check_token(const Question& question);
  void check_password_of(std::shared_ptr<Case> open);
  void on_password_checked(Case& open, const PasswordChecks::Outcome& outcome);
  Result<bool, accounts::AccountError> use_code(const accounts::HostRecord& host,
                                                const secrets::Secret& code);
  void finish(Case& open, Answer answer);
  void count(Answer::Kind kind);

  World world_;
  const LimitSettings limit_settings_;
  AttemptLimits limits_;
  Tokens tokens_;
  const std::string dummy_verifier_;
  SignInCounters counters_;
};

}  // namespace cloister::gate::sign_in
