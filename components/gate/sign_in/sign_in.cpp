#include "gate/sign_in/sign_in.h"

#include "gate/secrets/sign_in_token.h"
#include "gate/secrets/totp.h"

namespace cloister::gate::sign_in {

using accounts::AccountError;
using accounts::HostRecord;
using accounts::SecondFactor;
using secrets::Secret;

struct SignIn::Case {
  Question question;
  Done done;
  std::optional<AttemptLimits::Attempt> attempt;  // none when it is not limited
  std::optional<HostRecord> host;
  Secret code;
};

SignIn::SignIn(World world, LimitSettings limits, TokenSettings tokens, std::string dummy_verifier)
    : world_(std::move(world)),
      limit_settings_(limits),
      limits_(limits),
      tokens_(tokens),
      dummy_verifier_(std::move(dummy_verifier)) {}
SignIn::~SignIn() = default;

void SignIn::check(Question question, Done done) {
  if (secrets::is_token_shaped(question.password.expose())) {
    const Answer answer = check_token(question);
    count(answer.kind);
    return done(answer);
  }
  // Whoever knows a live session's secret does not guess, and must not wait for those who do.
  if (question.resumes) return check_password_of(open_case(std::move(question), std::move(done)));
  const auto verdict = limits_.begin(question.user, question.source, world_.clock.now());
  // Loopback is where our own services live.
  if (verdict.ban && !question.source.is_loopback()) {
    world_.bans.ban(question.source, limit_settings_.ban_length);
    counters_.bans_requested.add();
  }
  if (!verdict.attempt) {
    count(Answer::Kind::wait);
    return done({.kind = Answer::Kind::wait, .wait = verdict.wait});
  }
  auto open = open_case(std::move(question), std::move(done));
  open->attempt = verdict.attempt;
  check_password_of(std::move(open));
}

std::shared_ptr<SignIn::Case> SignIn::open_case(Question question, Done done) {
  return std::make_shared<Case>(
      Case{.question = std::move(question), .done = std::move(done), .attempt = {}, .host = {}, .code = {}});
}

Answer SignIn::check_token(const Question& question) {
  const auto name = accounts::parse_host_name(question.user.expose());
  const auto owner = tokens_.use(question.password, world_.clock.now());
  if (!name || !owner) return {.kind = Answer::Kind::refused};
  const auto host = world_.accounts.find(*name);
  if (!host)
    return {.kind = host.error().kind == AccountError::Kind::absent ? Answer::Kind::refused
                                                                    : Answer::Kind::unavailable};
  if (!host->enabled || *owner != TokenOwner{host->id, host->generation})
    return {.kind = Answer::Kind::refused};
  return {.kind = Answer::Kind::accepted, .owner = *owner};
}

void SignIn::check_password_of(std::shared_ptr<Case> open) {
  if (const auto name = accounts::parse_host_name(open->question.user.expose())) {
    auto host = world_.accounts.find(*name);
    if (host) open->host = std::move(*host);
    if (!host && host.error().kind != AccountError::Kind::absent)
      return finish(*open, {.kind = Answer::Kind::unavailable});
  }
  const SecondFactor factor = open->host && open->host->totp ? SecondFactor::on : SecondFactor::off;
  Credentials given = open->question.code
                          ? Credentials{.password = open->question.password, .code = *open->question.code}
                          : split_field(open->question.password, factor);
  open->code = std::move(given.code);
  const auto spelled = secrets::spell_password(given.password.expose());
  // What cannot be a password is compared all the same, with nothing: it takes its time.
  const bool queued = world_.checks.check(
      open->host && spelled ? open->host->verifier : dummy_verifier_, spelled ? *spelled : Secret(),
      [this, open, possible = open->host && spelled](PasswordChecks::Outcome outcome) {
        outcome.matches = outcome.matches && possible;
        on_password_checked(*open, outcome);
      });
  if (!queued) finish(*open, {.kind = Answer::Kind::busy});
}

void SignIn::on_password_checked(Case& open, const PasswordChecks::Outcome& outcome) {
  if (!outcome.matches) return finish(open, {.kind = Answer::Kind::refused});
  // Read again: it may have been disabled, or given another password, meanwhile.
  const auto now = world_.accounts.find(open.host->id);
  if (!now && now.error().kind != AccountError::Kind::absent)
    return finish(open, {.kind = Answer::Kind::unavailable});
  if (!now || !now->enabled || now->generation != open.host->generation)
    return finish(open, {.kind = Answer::Kind::refused});
  if (now->totp && !open.question.resumes) {
    const auto used = use_code(*now, open.code);
    if (!used) return finish(open, {.kind = Answer::Kind::unavailable});
    if (!*used) return finish(open, {.kind = Answer::Kind::refused});
  }
  // When this fails, the old verifier goes on serving.
  if (outcome.renewed) (void)world_.accounts.renew_verifier(*now, *outcome.renewed);
  finish(open, {
                   .kind = Answer::Kind::accepted, .owner = {now->id, now->generation}
  });
}

Result<bool, AccountError> SignIn::use_code(const HostRecord& host, const Secret& code) {
  if (!secrets::is_totp_shaped(code.expose())) return world_.accounts.use_recovery_code(host.id, code);
  const auto step = secrets::find_totp_step(host.totp->secret, code.expose(),
                                            secrets::totp_step(world_.time_of_day()), host.totp->last_step);
  if (!step) return false;
  return world_.accounts.use_totp_step(host.id, *step);
}

void SignIn::finish(Case& open, Answer answer) {
  const bool accepted = answer.kind == Answer::Kind::accepted;
  const bool judged = accepted || answer.kind == Answer::Kind::refused;
  if (open.attempt && accepted) limits_.succeeded(*open.attempt);
  if (open.attempt && !judged) limits_.withdrawn(*open.attempt);
  count(answer.kind);
  open.done(answer);
}

Secret SignIn::issue_token(TokenOwner owner) {
  counters_.tokens_issued.add();
  return tokens_.issue(owner, world_.clock.now());
}

void SignIn::forget_old() {
  limits_.forget_old(world_.clock.now());
  tokens_.forget_old(world_.clock.now());
}

void SignIn::count(Answer::Kind kind) {
  switch (kind) {
    case Answer::Kind::accepted: return counters_.accepted.add();
    case Answer::Kind::refused: return counters_.refused.add();
    case Answer::Kind::wait: return counters_.held_back.add();
    case Answer::Kind::busy: return counters_.turned_away.add();
    case Answer::Kind::unavailable: return counters_.failed.add();
  }
}

}  // namespace cloister::gate::sign_in
