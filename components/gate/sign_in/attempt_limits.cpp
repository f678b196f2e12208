#include "gate/sign_in/attempt_limits.h"

#include <algorithm>
#include <cstring>

#include "base/random.h"
#include "gate/secrets/digest.h"

namespace cloister::gate::sign_in {
namespace {

constexpr std::size_t kMostFamiliar = 1000;
constexpr unsigned kMostDoublings = 10;  // a week, the longest setting, doubled so often is still a Duration

}  // namespace

std::size_t AttemptLimits::HashKey::operator()(const Key& key) const noexcept {
  std::size_t out = 0;  // the key is a keyed digest: any part of it is as good
  std::memcpy(&out, key.data(), sizeof out);
  return out;
}

AttemptLimits::AttemptLimits(LimitSettings settings) : settings_(settings) {
  std::array<std::byte, 32> secret;
  fill_random(secret);
  secret_ = Personal(secret);
}

AttemptLimits::Key AttemptLimits::digest(char kind, Bytes what) const {
  std::string message(1, kind);
  message += as_text(what);
  const secrets::Digest full = secrets::hmac_sha256(secret_.expose(), as_bytes(message));
  wipe(message);
  Key key;
  std::memcpy(key.data(), full.data(), key.size());
  return key;
}

AttemptLimits::Key AttemptLimits::source_key(const SocketAddress& source) const {
  // Whoever has an IPv6 address has its whole /64 (RFC 6177).
  return digest('s', source.family() == IpFamily::v4 ? source.ip() : source.ip().first(8));
}

AttemptLimits::Key AttemptLimits::pair_key(const Attempt& attempt) const {
  std::array<std::uint8_t, 32> both;
  std::ranges::copy(attempt.account, both.begin());
  std::ranges::copy(attempt.source, both.begin() + 16);
  return digest('p', std::as_bytes(std::span(both)));
}

AttemptLimits::Verdict AttemptLimits::begin(const Personal<std::string>& account, const SocketAddress& source,
                                            TimePoint now) {
  const Attempt attempt{
      .account = digest('a', as_bytes(account.expose())), .source = source_key(source), .began = now};
  Entry& from = entry(sources_, attempt.source, now);
  Entry& to = entry(accounts_, attempt.account, now);
  const bool familiar = knows(&Familiar::pair, pair_key(attempt));
  const TimePoint free_again = familiar ? from.blocked_until : std::max(from.blocked_until, to.blocked_until);
  Verdict verdict;
  if (now < free_again) {
    // Only what the source itself has earned counts against it.
    if (now < from.blocked_until) ++from.beyond;
    verdict.wait = free_again - now;
  } else {
    count(from, now, settings_.longest_source_wait);
    count(to, now, settings_.longest_account_wait);
    verdict.attempt = attempt;
  }
  verdict.ban =
      from.beyond >= settings_.ban_after && !from.banned && !knows(&Familiar::source, attempt.source);
  from.banned = from.banned || verdict.ban;
  return verdict;
}

void AttemptLimits::succeeded(const Attempt& attempt) {
  withdrawn(attempt);
  const Key pair = pair_key(attempt);
  if (knows(&Familiar::pair, pair)) return;
  if (familiar_.size() == kMostFamiliar) familiar_.pop_front();
  familiar_.push_back({.pair = pair, .source = attempt.source});
}

bool AttemptLimits::knows(Key Familiar::*what, const Key& key) const {
  return std::ranges::find(familiar_, key, what) != familiar_.end();
}

void AttemptLimits::withdrawn(const Attempt& attempt) {
  take_back(sources_, attempt.source, attempt.began);
  take_back(accounts_, attempt.account, attempt.began);
}

void AttemptLimits::forget_old(TimePoint now) {
  forget_old(sources_, now);
  forget_old(accounts_, now);
}

void AttemptLimits::forget_old(Table& table, TimePoint now) const {
  std::erase_if(table, [&](const auto& known) { return is_quiet(known.second, now); });
}

AttemptLimits::Entry& AttemptLimits::entry(Table& table, const Key& key, TimePoint now) {
  if (const auto found = table.find(key); found != table.end()) {
    trim(found->second, now);
    return found->second;
  }
  if (table.size() >= settings_.max_entries / 2) {
    forget_old(table, now);  // and not the other one, of which the caller may hold an entry
    if (table.size() >= settings_.max_entries / 2)
      table.erase(
          std::ranges::min_element(table, {}, [](const auto& known) { return known.second.touched; }));
  }
  return table[key];
}

void AttemptLimits::trim(Entry& entry, TimePoint now) const {
  while (!entry.failures.empty() && now - entry.failures.front() >= settings_.window)
    entry.failures.pop_front();
  if (is_quiet(entry, now)) entry = {};
}

// Quiet for a whole window after the last wait: the slate is clean.
bool AttemptLimits::is_quiet(const Entry& entry, TimePoint now) const {
  return now - std::max(entry.touched, entry.blocked_until) >= settings_.window;
}

void AttemptLimits::count(Entry& entry, TimePoint now, Duration longest) const {
  entry.touched = now;
  entry.failures.push_back(now);
  if (entry.waits > 0) ++entry.beyond;
  if (entry.failures.size() > settings_.free_failures) entry.failures.pop_front();
  if (entry.waits == 0 && entry.failures.size() < settings_.free_failures) return;
  const unsigned doublings = std::min(entry.waits++, kMostDoublings);
  entry.blocked_until = now + std::min(settings_.first_wait * (1U << doublings), longest);
}

void AttemptLimits::take_back(Table& table, const Key& key, TimePoint began) const {
  const auto known = table.find(key);
  if (known == table.end()) return;
  Entry& entry = known->second;
  if (const auto failure = std::ranges::find(entry.failures, began); failure != entry.failures.end())
    entry.failures.erase(failure);
  if (entry.waits == 0) return;
  // As before it: the next failure waits as long as this one would have.
  --entry.waits;
  if (entry.waits > 0 && entry.beyond > 0) --entry.beyond;
  entry.blocked_until = began;
}

}  // namespace cloister::gate::sign_in
