// Recovery codes: each opens the account once in place of a one-time code, for a host without the phone.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "gate/secrets/secret.h"

namespace cloister::gate::secrets {

constexpr std::size_t kRecoveryCodes = 10;
constexpr std::size_t kRecoveryCharacters = 16;  // of base32: 80 bits

// Ten of "abcd-efgh-ijkl-mnop". None ends in six digits, so none is taken for a one-time code.
std::vector<Secret> new_recovery_codes();
// The 16 characters of a code however it was typed (capitals, spaces, hyphens); nothing for other texts.
std::optional<Secret> spell_recovery_code(std::string_view typed);

}  // namespace cloister::gate::secrets
