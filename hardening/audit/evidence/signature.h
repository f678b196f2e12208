// Ed25519 (RFC 8032) and SHA-256 by OpenSSL. Keys are PEM files: PKCS #8 for the private one,
// SubjectPublicKeyInfo for the public one, as `openssl pkey` reads them.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

struct evp_pkey_st;

namespace cloister::audit::evidence {

// Lower-case hex of SHA-256: 64 characters.
std::string digest_of(std::string_view bytes);

struct FreeKey {
  void operator()(evp_pkey_st* key) const;
};
using Key = std::unique_ptr<evp_pkey_st, FreeKey>;

class PublicKey {
public:
  static Result<PublicKey, std::string> parse(const std::string& pem);

  // The first 16 digits of the digest of the raw key: names it, proves nothing.
  std::string id() const;
  std::string pem() const;
  // `signature` in hex.
  bool verifies(std::string_view text, const std::string& signature) const;

private:
  friend class SigningKey;
  explicit PublicKey(Key key) : key_(std::move(key)) {}
  Key key_;
};

class SigningKey {
public:
  static SigningKey make();
  static Result<SigningKey, std::string> parse(const std::string& pem);

  PublicKey public_key() const;
  std::string pem() const;
  std::string sign(std::string_view text) const;  // hex, 128 characters

private:
  explicit SigningKey(Key key) : key_(std::move(key)) {}
  Key key_;
};

}  // namespace cloister::audit::evidence
