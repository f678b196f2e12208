// Time-based one-time codes (RFC 6238) as every authenticator app computes them: HMAC-SHA-1, six digits, 30
// s.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "gate/secrets/secret.h"

namespace cloister::gate::secrets {

constexpr std::size_t kTotpDigits = 6;
constexpr std::size_t kTotpSecretBytes = 20;  // RFC 4226 §4, R6: the recommended length

// The number of the 30-second step that a time lies in (RFC 6238 §4.2).
std::uint64_t totp_step(std::chrono::system_clock::time_point time);
// The code of one step: `digits` decimal digits (6 to 8), with leading zeros.
Secret totp_code(const Secret& secret, std::uint64_t step, std::size_t digits = kTotpDigits);
bool is_totp_shaped(std::string_view text);

// The step whose code this is: the present one, the one before or the one after (clocks of phones differ),
// but none up to `last_used`: a code counts once. All three are computed and compared whatever matches.
std::optional<std::uint64_t> find_totp_step(const Secret& secret, std::string_view code, std::uint64_t now,
                                            std::uint64_t last_used);

Secret new_totp_secret();
// What the QR code holds (the key URI format of authenticator apps).
Secret otpauth_uri(std::string_view issuer, std::string_view account, const Secret& secret);

}  // namespace cloister::gate::secrets
