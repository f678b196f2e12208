// The key that seals what the accounts' database keeps: 32 random bytes in a file of their own, which only
// root and the gate read. A copy of the database alone lets nobody try passwords or compute codes.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gate/secrets/digest.h"
#include "gate/secrets/secret.h"

namespace cloister::gate::secrets {

class SealingKey {
public:
  static constexpr std::size_t kSize = 32;

  // Fails when the file is open to others or is not kSize bytes long.
  static Result<SealingKey, SystemError> load(const std::string& path);
  // A new key in a new file of mode 0600; an existing one is never replaced, for it would open nothing.
  static Result<void, SystemError> make(const std::string& path);
  static SealingKey from_bytes(Bytes master);

  // AES-256-GCM with a random nonce: version (1), nonce (12), ciphertext, tag (16). `context` says whose and
  // what it is: opened under another one it fails.
  std::string seal(std::string_view context, const Secret& secret) const;
  // Nothing for what this key did not seal in this context.
  std::optional<Secret> open(std::string_view context, std::string_view sealed) const;
  // A keyed verifier for secrets that are random themselves.
  Digest verifier(std::string_view context, const Secret& secret) const;

private:
  SealingKey(const Digest& cipher, const Digest& mac) : cipher_(cipher), mac_(mac) {}

  Personal<Digest> cipher_;
  Personal<Digest> mac_;
};

}  // namespace cloister::gate::secrets
