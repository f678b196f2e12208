#include "firewall/guard/guard.h"

#include <fmt/core.h>

#include <algorithm>
#include <cerrno>

#include "base/log.h"
#include "firewall/policy/wanted.h"

namespace cloister::firewall::guard {
namespace {

using protocol::Answer;
using protocol::Kind;
using protocol::Outcome;

constexpr Duration kRetry = 1s;
constexpr Duration kBetweenLines = 60s;  // somebody who changes rules all the time does not fill the journal
constexpr std::uint32_t kRoot = 0;

// All that a user may ask for who is named in the settings. Root may ask for everything.
constexpr bool may_ask(Kind kind, std::uint32_t user) {
  return user == kRoot || kind == Kind::ban || kind == Kind::status;
}
static_assert(!may_ask(Kind::unban, 1000) && !may_ask(Kind::apply, 1000) && !may_ask(Kind::reload, 1000));

bool is(const SystemError& error, int number) {
  return error.code == std::error_code(number, std::system_category());
}

std::string in_words(const SystemError& error) {
  return fmt::format("{}: {}", error.doing, error.code.message());
}

Answer answer(Outcome outcome, std::string text = {}) {
  return {.outcome = outcome, .status = {}, .text = std::move(text)};
}
Answer refused(const SystemError& error) { return answer(Outcome::kernel_refused, in_words(error)); }

std::string lines(const std::vector<std::string>& problems) {
  std::string out;
  for (const std::string& problem : problems) out += (out.empty() ? "" : "\n") + problem;
  return out;
}

std::uint32_t count_rules(const policy::Ruleset& rules) {
  std::size_t count = 0;
  for (const policy::Chain& chain : rules.chains) count += chain.rules.size();
  return static_cast<std::uint32_t>(count);
}

}  // namespace

Guard::Guard(nft::Kernel& kernel, const Clock& clock, Load load)
    : kernel_(kernel), clock_(clock), load_(std::move(load)) {}

Result<void, StartError> Guard::start() {
  auto settings = load_();
  if (!settings) return fail(StartError{StartError::Reason::settings, std::move(settings.error().problems)});
  policy::Ruleset rules = policy::wanted_rules(*settings);
  wanted_ = {std::move(*settings), std::move(rules)};
  if (const auto brought = bring_into_force(); !brought)
    return fail(StartError{StartError::Reason::kernel, {in_words(brought.error())}});
  return {};
}

bool Guard::knows(std::uint32_t user) const {
  return user == kRoot || std::ranges::find(wanted_.settings.clients, user) != wanted_.settings.clients.end();
}

Answer Guard::on_request(const protocol::Request& request, std::uint32_t user) {
  if (!knows(user) || !may_ask(request.kind, user)) return answer(Outcome::not_allowed);
  return perform(request);
}

Answer Guard::perform(const protocol::Request& request) {
  switch (request.kind) {
    case Kind::status: return status();
    case Kind::ban: return ban(request);
    case Kind::unban: return unban(request);
    case Kind::reload:
    case Kind::apply: return change(request.kind);
    case Kind::confirm: return confirm();
  }
  return answer(Outcome::not_understood);
}

Answer Guard::status() {
  const auto bans = kernel_.count_bans();
  const auto running = kernel_.read();
  if (!running) return refused(running.error());
  Answer out = answer(Outcome::done);
  if (bans)
    out.status = {.bans4 = static_cast<std::uint32_t>(bans->v4),
                  .bans6 = static_cast<std::uint32_t>(bans->v6)};
  out.status.rules = running->rules ? count_rules(*running->rules) : 0;
  out.status.restored = restored_;
  out.status.seconds_to_confirm = seconds_to_confirm();
  out.status.in_force = policy::steps(running->rules, wanted_.rules).empty();
  return out;
}

// Of what is on the own link depends whether the machine reaches anything at all.
bool Guard::may_be_banned(const SocketAddress& address) const {
  if (address.is_loopback() || address.is_unspecified() || address.is_link_local()) return false;
  const auto source = policy::Prefix::around(address, policy::source_bits(address.family()));
  return std::ranges::none_of(wanted_.settings.bans.never,
                              [&](const policy::Prefix& network) { return network.overlaps(source); });
}

Answer Guard::ban(const protocol::Request& request) {
  std::vector<nft::Source> sources;
  sources.reserve(request.addresses.size());
  for (const auto& address : request.addresses) {
    if (!may_be_banned(address.expose())) return answer(Outcome::not_allowed);
    sources.push_back(nft::source_of(address.expose()));
  }
  std::ranges::sort(sources);
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  const auto time = std::min(request.time, wanted_.settings.bans.longest);
  auto done = kernel_.ban(sources, time);
  if (!done && is(done.error(), ENOENT)) {  // the sets are gone, and the news of it still on its way
    check();
    done = kernel_.ban(sources, time);
  }
  if (done) return answer(Outcome::done);
  return is(done.error(), ENFILE) ? answer(Outcome::set_is_full) : refused(done.error());
}

Answer Guard::unban(const protocol::Request& request) {
  bool any = false;
  for (const auto& address : request.addresses) {
    const auto done = kernel_.unban(nft::source_of(address.expose()));
    if (!done && !is(done.error(), ENOENT)) return refused(done.error());
    any = any || done;
  }
  return answer(any ? Outcome::done : Outcome::not_banned);
}

Answer Guard::change(Kind kind) {
  auto settings = load_();
  if (!settings) {
    for (const std::string& problem : settings.error().problems) log::error("{}", problem);
    log::error("the rules stay as they were");
    return answer(Outcome::bad_settings, lines(settings.error().problems));
  }
  policy::Ruleset rules = policy::wanted_rules(*settings);
  Policy before = std::exchange(wanted_, {std::move(*settings), std::move(rules)});
  if (const auto brought = bring_into_force(); !brought) {
    wanted_ = std::move(before);
    retry_at_.reset();
    check();
    return refused(brought.error());
  }
  if (kind == Kind::apply) {
    const TimePoint until = clock_.now() + wanted_.settings.confirm_within;
    trial_ = Trial{trial_ ? std::move(trial_->before) : std::move(before), until};
  }
  log::info("new rules are in force{}", trial_ ? ", until taken back or confirmed" : "");
  Answer out = answer(Outcome::done);
  out.status.seconds_to_confirm = seconds_to_confirm();
  return out;
}

Answer Guard::confirm() {
  if (!trial_) return answer(Outcome::nothing_to_confirm);
  trial_.reset();
  log::info("the new rules are confirmed");
  return answer(Outcome::done);
}

void Guard::reload() { (void)change(Kind::reload); }

void Guard::check() {
  if (const auto brought = bring_into_force(); brought && *brought) {
    ++restored_;
    say_restored();
  }
}

Result<bool, SystemError> Guard::bring_into_force() {
  auto brought = nft::bring(kernel_, wanted_.rules);
  if (brought) {
    retry_at_.reset();
  } else {
    if (!retry_at_) log::error("{}", in_words(brought.error()));
    retry_at_ = clock_.now() + kRetry;
  }
  return brought;
}

void Guard::say_restored() {
  if (said_at_ && clock_.now() - *said_at_ < kBetweenLines) return;
  said_at_ = clock_.now();
  log::warning("somebody changed the firewall's rules: they are restored ({} times so far)", restored_);
}

std::optional<TimePoint> Guard::next_wakeup() const {
  return earlier(retry_at_, trial_ ? std::optional(trial_->until) : std::nullopt);
}

void Guard::on_wakeup() {
  const TimePoint now = clock_.now();
  if (trial_ && now >= trial_->until) take_back();
  if (retry_at_ && now >= *retry_at_) check();
}

void Guard::take_back() {
  wanted_ = std::move(trial_->before);
  trial_.reset();
  log::warning(
      "nobody confirmed the new rules: the earlier ones are back; the settings file still holds the new "
      "ones");
  (void)bring_into_force();  // fails: it is tried again
}

std::uint32_t Guard::seconds_to_confirm() const {
  if (!trial_) return 0;
  const auto left = std::chrono::ceil<std::chrono::seconds>(trial_->until - clock_.now()).count();
  return static_cast<std::uint32_t>(std::max<std::int64_t>(left, 1));
}

}  // namespace cloister::firewall::guard
