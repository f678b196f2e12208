// HMAC (RFC 2104) and SHA-256 of OpenSSL, as values.
#pragma once

#include <array>
#include <vector>

#include "base/bytes.h"

namespace cloister::gate::secrets {

using Digest = std::array<std::byte, 32>;

Digest sha256(Bytes message);
Digest hmac_sha256(Bytes key, Bytes message);
// What TOTP is made of (RFC 6238 §1.2).
std::array<std::byte, 20> hmac_sha1(Bytes key, Bytes message);

}  // namespace cloister::gate::secrets
