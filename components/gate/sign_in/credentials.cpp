#include "gate/sign_in/credentials.h"

#include <array>

#include "gate/secrets/recovery_code.h"
#include "gate/secrets/totp.h"

namespace cloister::gate::sign_in {

using secrets::Secret;

namespace {

constexpr std::size_t kHyphens = 3;

Credentials cut(std::string_view field, std::size_t code) {
  return {.password = Secret(std::string(field.substr(0, field.size() - code))),
          .code = Secret(std::string(field.substr(field.size() - code)))};
}

}  // namespace

Credentials split_field(const Secret& field, accounts::SecondFactor factor) {
  const std::string_view text = field.expose();
  if (factor == accounts::SecondFactor::off) return {.password = field, .code = {}};
  if (text.size() > secrets::kTotpDigits &&
      secrets::is_totp_shaped(text.substr(text.size() - secrets::kTotpDigits)))
    return cut(text, secrets::kTotpDigits);
  for (const std::size_t length : {secrets::kRecoveryCharacters + kHyphens, secrets::kRecoveryCharacters})
    if (text.size() > length && secrets::spell_recovery_code(text.substr(text.size() - length)))
      return cut(text, length);
  return {.password = field, .code = {}};
}

}  // namespace cloister::gate::sign_in
