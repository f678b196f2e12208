#include "gate/secrets/recovery_code.h"

#include <array>

#include "base/random.h"
#include "gate/secrets/base32.h"
#include "gate/secrets/totp.h"

namespace cloister::gate::secrets {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }
bool is_base32(char c) { return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7'); }

Secret new_recovery_code() {
  std::array<std::byte, kRecoveryCharacters * 5 / 8> random;
  fill_random(random);
  std::string text;
  for (const char c : base32(random)) {
    if (text.size() % 5 == 4) text += '-';
    text += lower(c);
  }
  wipe(random.data(), random.size());
  return Secret(std::move(text));
}

bool ends_like_totp(const Secret& code) {
  const auto plain = spell_recovery_code(code.expose());
  return is_totp_shaped(std::string_view(plain->expose()).substr(kRecoveryCharacters - kTotpDigits));
}

}  // namespace

std::vector<Secret> new_recovery_codes() {
  std::vector<Secret> codes;
  while (codes.size() < kRecoveryCodes)
    if (Secret code = new_recovery_code(); !ends_like_totp(code)) codes.push_back(std::move(code));
  return codes;
}

std::optional<Secret> spell_recovery_code(std::string_view typed) {
  if (typed.size() > 4 * kRecoveryCharacters) return std::nullopt;
  std::string plain;
  for (const char c : typed) {
    if (c == '-' || c == ' ') continue;
    if (!is_base32(lower(c))) return std::nullopt;
    plain += lower(c);
  }
  if (plain.size() != kRecoveryCharacters) return std::nullopt;
  return Secret(std::move(plain));
}

}  // namespace cloister::gate::secrets
