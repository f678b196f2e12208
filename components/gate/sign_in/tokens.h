// Sign-in tokens: our client gets one for password and code, and gives it to the XMPP server in their place.
// One serves one meeting: it must be used within two minutes, and from then on signs the same browser in
// again after a lost connection or a reload, until the day is over. In memory only, as digests: what is
// stored could be stolen, and a gate that restarts ends all of them. Gate thread only.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>

#include "base/clock.h"
#include "gate/secrets/digest.h"
#include "gate/secrets/secret.h"

namespace cloister::gate::sign_in {

struct TokenSettings {
  Duration first_use = 2min;  // from its issue
  Duration lifetime = 12h;    // from its issue
  std::size_t per_host = 8;   // meetings or devices at once; the oldest token goes
};

// Whose token it is. A generation that is not the account's any more ends it.
struct TokenOwner {
  std::int64_t host = 0;
  std::int64_t generation = 0;

  friend bool operator==(const TokenOwner&, const TokenOwner&) = default;
};

class Tokens {
public:
  explicit Tokens(TokenSettings settings) : settings_(settings) {}

  secrets::Secret issue(TokenOwner owner, TimePoint now);
  std::optional<TokenOwner> use(const secrets::Secret& token, TimePoint now);
  void revoke(const secrets::Secret& token);
  void forget_old(TimePoint now);
  std::size_t size() const { return known_.size(); }

private:
  struct Entry {
    TokenOwner owner;
    TimePoint issued;
    bool used = false;
  };
  struct HashDigest {
    std::size_t operator()(const secrets::Digest& digest) const noexcept;
  };

  bool is_over(const Entry& entry, TimePoint now) const;
  void make_room(std::int64_t host, TimePoint now);

  const TokenSettings settings_;
  std::unordered_map<secrets::Digest, Entry, HashDigest> known_;
};

}  // namespace cloister::gate::sign_in
