#include "gate/secrets/password.h"

#include <argon2.h>
#include <fmt/core.h>
#include <stringprep.h>

#include <algorithm>
#include <array>

#include "base/random.h"
#include "gate/secrets/sign_in_token.h"

namespace cloister::gate::secrets {
namespace {

constexpr std::uint32_t kLanes = 1;
constexpr std::size_t kSalt = 16;
constexpr std::size_t kHash = 32;

std::size_t characters(const std::string& utf8) {
  return static_cast<std::size_t>(
      std::ranges::count_if(utf8, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80; }));
}

}  // namespace

Result<Secret, PasswordFault> spell_password(std::string_view typed) {
  if (typed.size() > kMostPasswordBytes) return fail(PasswordFault::too_long);
  if (typed.empty()) return fail(PasswordFault::too_short);
  if (typed.find('\0') != std::string_view::npos) return fail(PasswordFault::not_text);
  // Normal forms of one character can be long; what does not fit is no password.
  std::array<char, 4 * kMostPasswordBytes + 1> text{};
  std::ranges::copy(typed, text.begin());
  const int status =
      stringprep(text.data(), text.size(), static_cast<Stringprep_profile_flags>(STRINGPREP_NO_UNASSIGNED),
                 stringprep_saslprep);
  Secret spelled{std::string(text.data())};
  wipe(text.data(), text.size());
  if (status != STRINGPREP_OK) return fail(PasswordFault::not_text);
  if (spelled.expose().empty()) return fail(PasswordFault::too_short);
  return spelled;
}

Result<Secret, PasswordFault> spell_new_password(std::string_view typed) {
  auto spelled = spell_password(typed);
  if (!spelled) return spelled;
  // A client appends a code of up to 19 characters to it.
  if (spelled->expose().size() + 20 > kMostPasswordBytes) return fail(PasswordFault::too_long);
  if (characters(spelled->expose()) < kLeastPasswordCharacters) return fail(PasswordFault::too_short);
  if (is_token_shaped(spelled->expose())) return fail(PasswordFault::like_token);
  return spelled;
}

Result<std::string, SystemError> make_verifier(const Secret& password, HashCost cost) {
  std::array<std::byte, kSalt> salt;
  fill_random(salt);
  std::string encoded(argon2_encodedlen(cost.passes, cost.memory_kib, kLanes, kSalt, kHash, Argon2_id), '\0');
  const int status = argon2id_hash_encoded(cost.passes, cost.memory_kib, kLanes, password.expose().data(),
                                           password.expose().size(), salt.data(), salt.size(), kHash,
                                           encoded.data(), encoded.size());
  if (status != ARGON2_OK) {
    const auto code =
        status == ARGON2_MEMORY_ALLOCATION_ERROR ? std::errc::not_enough_memory : std::errc::invalid_argument;
    return fail(SystemError{std::make_error_code(code), "hashing a password"});
  }
  encoded.resize(encoded.find('\0'));
  return encoded;
}

bool matches(const std::string& verifier, const Secret& password) {
  return argon2id_verify(verifier.c_str(), password.expose().data(), password.expose().size()) == ARGON2_OK;
}

bool has_cost(std::string_view verifier, HashCost cost) {
  return verifier.starts_with(
      fmt::format("$argon2id$v=19$m={},t={},p={}$", cost.memory_kib, cost.passes, kLanes));
}

}  // namespace cloister::gate::secrets
