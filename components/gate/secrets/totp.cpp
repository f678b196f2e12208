#include "gate/secrets/totp.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "base/random.h"
#include "gate/secrets/base32.h"
#include "gate/secrets/digest.h"

namespace cloister::gate::secrets {
namespace {

constexpr std::uint64_t kStepSeconds = 30;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_';
}

// RFC 3986 §2.1.
std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text)
    out += is_plain(c) ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  return out;
}

}  // namespace

std::uint64_t totp_step(std::chrono::system_clock::time_point time) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(time.time_since_epoch()).count();
  return static_cast<std::uint64_t>(std::max<std::int64_t>(seconds, 0)) / kStepSeconds;
}

Secret totp_code(const Secret& secret, std::uint64_t step, std::size_t digits) {
  std::array<std::byte, 8> counter;
  ByteWriter(counter).u64(step);
  const auto mac = hmac_sha1(bytes_of(secret), counter);
  // Dynamic truncation, RFC 4226 §5.3.
  const std::size_t offset = std::to_integer<std::size_t>(mac.back() & std::byte{0x0f});
  std::uint32_t modulus = 1;
  for (std::size_t i = 0; i < digits; ++i) modulus *= 10;
  const std::uint32_t value = (get_u32(mac, offset) & 0x7fffffffU) % modulus;
  return Secret(fmt::format("{:0{}}", value, digits));
}

bool is_totp_shaped(std::string_view text) {
  return text.size() == kTotpDigits && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<std::uint64_t> find_totp_step(const Secret& secret, std::string_view code, std::uint64_t now,
                                            std::uint64_t last_used) {
  std::optional<std::uint64_t> found;
  for (const std::uint64_t step : {now, now - 1, now + 1}) {
    const bool matches = same(totp_code(secret, step).expose(), code);
    if (matches && step > last_used && !found) found = step;
  }
  return found;
}

Secret new_totp_secret() {
  std::string secret(kTotpSecretBytes, '\0');
  fill_random(std::as_writable_bytes(std::span(secret)));
  return Secret(std::move(secret));
}

Secret otpauth_uri(std::string_view issuer, std::string_view account, const Secret& secret) {
  return Secret(
      fmt::format("otpauth://totp/{0}:{1}?secret={2}&issuer={0}&algorithm=SHA1&digits={3}&period={4}",
                  percent_encoded(issuer), percent_encoded(account), base32(bytes_of(secret)), kTotpDigits,
                  kStepSeconds));
}

}  // namespace cloister::gate::secrets
