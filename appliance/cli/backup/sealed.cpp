#include "cli/backup/sealed.h"

#include <argon2.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <memory>

#include "base/assert.h"
#include "base/random.h"

namespace cloister::cli::backup {
namespace {

constexpr std::string_view kMagic = "CLOISTER BACKUP\n";
constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kKey = 32, kProof = 16, kSalt = 16, kNonce = 12, kTag = 16;
constexpr std::size_t kHeader = kMagic.size() + 1 + 4 + 4 + kSalt + kProof + kNonce + 8;
constexpr std::uint32_t kMostMemoryKib = 1024 * 1024, kMostPasses = 16;
constexpr std::uint32_t kLeastMemoryKib = 8;  // Argon2's own, for one lane

using Salt = std::array<std::byte, kSalt>;
using Keys = Personal<std::array<std::byte, kKey + kProof>>;

unsigned char* raw(MutableBytes bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }
const unsigned char* raw(Bytes bytes) { return reinterpret_cast<const unsigned char*>(bytes.data()); }

Result<Keys, SealError> derive(const Secret& passphrase, Bytes salt, SealCost cost) {
  std::array<std::byte, kKey + kProof> out{};
  const std::string& text = passphrase.expose();
  const int status = argon2id_hash_raw(cost.passes, cost.memory_kib, 1, text.data(), text.size(), salt.data(),
                                       salt.size(), out.data(), out.size());
  if (status != ARGON2_OK) return fail(SealError::no_memory);
  Keys keys(out);
  wipe(out.data(), out.size());
  return keys;
}

Bytes key_of(const Keys& keys) { return Bytes(keys.expose()).first(kKey); }
Bytes proof_of(const Keys& keys) { return Bytes(keys.expose()).last(kProof); }

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

void encrypt(Bytes key, Bytes nonce, Bytes header, std::string_view content, MutableBytes out) {
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int done = 0;
  const bool good =
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(nonce)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &done, raw(header), static_cast<int>(header.size())) == 1 &&
      EVP_EncryptUpdate(cipher.get(), raw(out), &done, raw(as_bytes(content)),
                        static_cast<int>(content.size())) == 1 &&
      EVP_EncryptFinal_ex(cipher.get(), raw(out) + content.size(), &done) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, raw(out.last(kTag))) == 1;
  ASSERT(good);
}

// False when it is not what was sealed under this key.
bool decrypt(Bytes key, Bytes nonce, Bytes header, Bytes sealed, std::string& out) {
  const Bytes content = sealed.first(sealed.size() - kTag);
  std::array<std::byte, kTag> tag{};
  std::ranges::copy(sealed.last(kTag), tag.begin());
  out.resize(content.size());
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int done = 0;
  auto* const to = reinterpret_cast<unsigned char*>(out.data());
  return EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(key), raw(nonce)) == 1 &&
         EVP_DecryptUpdate(cipher.get(), nullptr, &done, raw(header), static_cast<int>(header.size())) == 1 &&
         EVP_DecryptUpdate(cipher.get(), to, &done, raw(content), static_cast<int>(content.size())) == 1 &&
         EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
         EVP_DecryptFinal_ex(cipher.get(), to + out.size(), &done) == 1;
}

struct Parts {
  SealCost cost;
  Bytes salt, proof, nonce, header, sealed;
};

Result<Parts, SealError> take_apart(Bytes file) {
  ByteReader in(file);
  if (as_text(in.take(kMagic.size())) != kMagic) return fail(SealError::not_a_backup);
  if (in.u8() != kVersion) return fail(in.ok() ? SealError::other_version : SealError::truncated);
  Parts out;
  out.cost.memory_kib = in.u32();
  out.cost.passes = in.u32();
  out.salt = in.take(kSalt);
  out.proof = in.take(kProof);
  out.nonce = in.take(kNonce);
  const std::uint64_t length = in.u64();
  if (!in.ok()) return fail(SealError::truncated);
  const bool fair = out.cost.memory_kib >= kLeastMemoryKib && out.cost.memory_kib <= kMostMemoryKib &&
                    out.cost.passes >= 1 && out.cost.passes <= kMostPasses;
  if (!fair) return fail(SealError::bad_cost);
  if (length < kTag || length > in.left()) return fail(SealError::truncated);
  if (length < in.left()) return fail(SealError::bytes_left);
  out.header = file.first(kHeader);
  out.sealed = in.rest();
  return out;
}

}  // namespace

std::string in_words(SealError error) {
  switch (error) {
    case SealError::not_a_backup: return "This is no backup of Cloister's.";
    case SealError::other_version: return "This backup is of a newer Cloister: update this one first.";
    case SealError::bad_cost:
      return "This backup asks for more memory or time than any backup does: it is damaged, or not ours.";
    case SealError::truncated: return "This backup is cut off: copy it again from where it was kept.";
    case SealError::bytes_left:
      return "This backup has bytes behind its end: copy it again from where it was kept.";
    case SealError::wrong_passphrase: return "That is not the passphrase of this backup.";
    case SealError::damaged:
      return "The passphrase is right, but the backup is damaged: copy it again from where it was kept.";
    case SealError::no_memory:
      return "There is not enough memory for the passphrase (256 MB): end something else for a moment.";
  }
  return {};
}

Result<void, SealError> check_sealed(Bytes file) {
  if (const auto parts = take_apart(file); !parts) return fail(parts.error());
  return {};
}

Result<std::string, SealError> seal(const Secret& passphrase, std::string_view content, SealCost cost) {
  Salt salt;
  fill_random(salt);
  std::array<std::byte, kNonce> nonce;
  fill_random(nonce);
  const auto keys = derive(passphrase, salt, cost);
  if (!keys) return fail(keys.error());
  std::string out(kHeader + content.size() + kTag, '\0');
  const MutableBytes file = std::as_writable_bytes(std::span(out));
  ByteWriter(file)
      .bytes(as_bytes(kMagic))
      .u8(kVersion)
      .u32(cost.memory_kib)
      .u32(cost.passes)
      .bytes(salt)
      .bytes(proof_of(*keys))
      .bytes(nonce)
      .u64(content.size() + kTag);
  encrypt(key_of(*keys), nonce, file.first(kHeader), content, file.subspan(kHeader));
  return out;
}

Result<Secret, SealError> unseal(const Secret& passphrase, Bytes file) {
  const auto parts = take_apart(file);
  if (!parts) return fail(parts.error());
  const auto keys = derive(passphrase, parts->salt, parts->cost);
  if (!keys) return fail(keys.error());
  if (!gate::secrets::same(as_text(proof_of(*keys)), as_text(parts->proof)))
    return fail(SealError::wrong_passphrase);
  std::string content;
  const bool good = decrypt(key_of(*keys), parts->nonce, parts->header, parts->sealed, content);
  Secret out(std::move(content));
  if (!good) return fail(SealError::damaged);
  return out;
}

}  // namespace cloister::cli::backup
