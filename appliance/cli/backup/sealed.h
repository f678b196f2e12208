// Bytes sealed by a passphrase: the form of a backup's file (docs/decisions/0025).
//
//   "CLOISTER BACKUP\n"  version:u8
//   memory_kib:u32 passes:u32 salt:16        Argon2id (RFC 9106), one lane: 32 bytes of key, 16 that prove it
//   proof:16                                 another passphrase is told from a damaged file
//   nonce:12 length:u64 ciphertext tag:16    AES-256-GCM; everything before the ciphertext is authenticated
#pragma once

#include <cstdint>
#include <string>

#include "base/bytes.h"
#include "base/result.h"
#include "gate/secrets/secret.h"

namespace cloister::cli::backup {

using gate::secrets::Secret;

// What one guess of the passphrase costs.
struct SealCost {
  std::uint32_t memory_kib = 256 * 1024;
  std::uint32_t passes = 3;
};

enum class SealError : std::uint8_t {
  not_a_backup,   // another kind of file
  other_version,  // of a newer Cloister
  bad_cost,       // would take more memory or time than any backup does
  truncated,      // shorter than it says
  bytes_left,     // longer than it says
  wrong_passphrase,
  damaged,    // the passphrase is right, the content is not what was sealed
  no_memory,  // for Argon2id
};

// A sentence for the operator.
std::string in_words(SealError error);

// Fails only for want of memory.
Result<std::string, SealError> seal(const Secret& passphrase, std::string_view content, SealCost cost = {});
Result<Secret, SealError> unseal(const Secret& passphrase, Bytes file);

// The part before any passphrase is asked for: is it a backup, and complete?
Result<void, SealError> check_sealed(Bytes file);

}  // namespace cloister::cli::backup
