// How often somebody may be wrong. Failures are counted per source (an IPv4 address, an IPv6 /64) and per
// account, known or not. After `free_failures` in `window` each failure makes the next attempt wait: 1, 2, 4
// … seconds, until there is quiet for a whole window. A source that goes on regardless is reported once for a
// ban, unless a host has signed in from there: a school has one address, and one pupil must not shut it out.
// An attempt counts as failed from its beginning, so that many at once gain nothing. Gate thread only; keeps
// keyed digests in place of names and addresses, for as long as they matter.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "base/clock.h"
#include "base/personal.h"
#include "base/socket_address.h"

namespace cloister::gate::sign_in {

struct LimitSettings {
  unsigned free_failures = 10;  // in `window`, before waiting begins
  Duration window = 60s;
  Duration first_wait = 1s;  // doubled by each further failure
  Duration longest_source_wait = 60s;
  Duration longest_account_wait = 8s;  // short: strangers must not lock a host out
  unsigned ban_after = 20;  // failures past the free ones and attempts while waiting, of one source
  Duration ban_length = 1h;
  std::size_t max_entries = 50000;  // sources and accounts remembered; the oldest go first
};

class AttemptLimits {
public:
  using Key = std::array<std::uint8_t, 16>;
  struct Attempt {  // under way
    Key account;
    Key source;
    TimePoint began;
  };
  struct Verdict {
    std::optional<Attempt> attempt;  // go on; else refused for now:
    Duration wait{};                 // until the next attempt counts
    bool ban = false;                // the source has earned it, said once
  };

  explicit AttemptLimits(LimitSettings settings);

  // `account`: what was typed as name, whether or not there is such a host.
  Verdict begin(const Personal<std::string>& account, const SocketAddress& source, TimePoint now);
  // It was right: no failure any more. From this source the account's own waiting is waived from now on.
  void succeeded(const Attempt& attempt);
  // It could not be judged: no failure any more.
  void withdrawn(const Attempt& attempt);
  // Drops what matters no more; to be called every minute or so.
  void forget_old(TimePoint now);
  std::size_t entries() const { return sources_.size() + accounts_.size(); }

private:
  struct Entry {
    std::deque<TimePoint> failures;  // inside the window, the oldest first
    unsigned beyond = 0;             // failures since waiting began, and attempts while waiting
    unsigned waits = 0;              // failures since waiting began: each doubles the wait
    TimePoint blocked_until{};
    TimePoint touched{};
    bool banned = false;
  };
  struct Familiar {
    Key pair;  // account and source that belong together: a success was seen
    Key source;
  };
  struct HashKey {
    std::size_t operator()(const Key& key) const noexcept;
  };
  using Table = std::unordered_map<Key, Entry, HashKey>;

  Key digest(char kind, Bytes what) const;
  Key source_key(const SocketAddress& source) const;
  Key pair_key(const Attempt& attempt) const;
  Entry& entry(Table& table, const Key& key, TimePoint now);
  void forget_old(Table& table, TimePoint now) const;
  void trim(Entry& entry, TimePoint now) const;
  void count(Entry& entry, TimePoint now, Duration longest) const;
  void take_back(Table& table, const Key& key, TimePoint began) const;
  bool knows(Key Familiar::*what, const Key& key) const;
  bool is_quiet(const Entry& entry, TimePoint now) const;

  const LimitSettings settings_;
  Personal<std::array<std::byte, 32>> secret_;  // of this process: digests say nothing elsewhere
  Table sources_;
  Table accounts_;
  std::deque<Familiar> familiar_;  // the newest last
};

}  // namespace cloister::gate::sign_in
