// Passwords: their one spelling, and what is kept of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gate/secrets/secret.h"

namespace cloister::gate::secrets {

constexpr std::size_t kLeastPasswordCharacters = 10;
constexpr std::size_t kMostPasswordBytes = 256;  // with a code appended, as a client sends it

enum class PasswordFault : std::uint8_t {
  too_short,
  too_long,
  not_text,    // not UTF-8, or with characters that SASLprep forbids (control characters, emoji)
  like_token,  // has the shape of a sign-in token
};

// The spelling that XMPP clients and servers agree on (SASLprep, RFC 4013, demanded by RFC 4616 §2): one
// space, one form of each letter. For what somebody typed to sign in.
Result<Secret, PasswordFault> spell_password(std::string_view typed);
// The same for a new password, which must also be long enough.
Result<Secret, PasswordFault> spell_new_password(std::string_view typed);

// What one guess costs (Argon2id, RFC 9106 §4: its choice for machines with little memory, on one lane, since
// a server that hosts meetings has no idle cores to offer).
struct HashCost {
  std::uint32_t memory_kib = 64 * 1024;
  std::uint32_t passes = 3;

  friend bool operator==(const HashCost&, const HashCost&) = default;
};

// "$argon2id$v=19$m=…,t=…,p=1$salt$hash". Takes about 0.1 s; fails when the memory is not to be had.
Result<std::string, SystemError> make_verifier(const Secret& password, HashCost cost);
// In a time that the verifier's own cost decides. False also for a damaged verifier.
bool matches(const std::string& verifier, const Secret& password);
// False for a verifier of another cost, which is then to be made anew.
bool has_cost(std::string_view verifier, HashCost cost);

}  // namespace cloister::gate::secrets
