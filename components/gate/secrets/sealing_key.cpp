#include "gate/secrets/sealing_key.h"

#include <openssl/evp.h>

#include <fstream>
#include <memory>

#include "base/assert.h"
#include "base/private_file.h"
#include "base/random.h"

namespace cloister::gate::secrets {
namespace {

constexpr char kVersion = 1;
constexpr std::size_t kNonce = 12;
constexpr std::size_t kTag = 16;
constexpr std::size_t kHead = 1 + kNonce;

struct FreeContext {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeContext>;

unsigned char* raw(char* text) { return reinterpret_cast<unsigned char*>(text); }
const unsigned char* raw(const char* text) { return reinterpret_cast<const unsigned char*>(text); }
const unsigned char* raw(const std::byte* bytes) { return reinterpret_cast<const unsigned char*>(bytes); }
int size_of(std::string_view text) { return static_cast<int>(text.size()); }

// A key for one use: no two uses share one (NIST SP 800-108 in its simplest form, one block).
Digest derive(Bytes master, std::string_view use) { return hmac_sha256(master, as_bytes(use)); }

}  // namespace

SealingKey SealingKey::from_bytes(Bytes master) {
  return {derive(master, "cloister-gate seal"), derive(master, "cloister-gate verifier")};
}

Result<SealingKey, SystemError> SealingKey::load(const std::string& path) {
  if (auto checked = require_private(path); !checked) return fail(checked.error());
  std::ifstream file(path, std::ios::binary);
  std::string master(kSize + 1, '\0');
  file.read(master.data(), static_cast<std::streamsize>(master.size()));
  const auto count = static_cast<std::size_t>(file.gcount());
  const Secret kept(master.substr(0, count));
  wipe(master);
  if (count != kSize)
    return fail(SystemError{std::make_error_code(std::errc::invalid_argument),
                            "the sealing key cannot be read or is not 32 bytes long"});
  return from_bytes(bytes_of(kept));
}

Result<void, SystemError> SealingKey::make(const std::string& path) {
  std::string master(kSize, '\0');
  fill_random(std::as_writable_bytes(std::span(master)));
  auto written = write_private(path, master);
  wipe(master);
  return written;
}

std::string SealingKey::seal(std::string_view context, const Secret& secret) const {
  const std::string& plain = secret.expose();
  std::string out(kHead + plain.size() + kTag, '\0');
  out[0] = kVersion;
  fill_random(std::as_writable_bytes(std::span(out)).subspan(1, kNonce));
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  const bool done =
      EVP_EncryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(cipher_.expose().data()),
                         raw(out.data() + 1)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), nullptr, &written, raw(context.data()), size_of(context)) == 1 &&
      EVP_EncryptUpdate(cipher.get(), raw(out.data() + kHead), &written, raw(plain.data()), size_of(plain)) ==
          1 &&
      EVP_EncryptFinal_ex(cipher.get(), raw(out.data() + kHead + written), &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kTag, out.data() + out.size() - kTag) == 1;
  ASSERT(done);
  return out;
}

std::optional<Secret> SealingKey::open(std::string_view context, std::string_view sealed) const {
  if (sealed.size() < kHead + kTag || sealed[0] != kVersion) return std::nullopt;
  const std::string_view body = sealed.substr(kHead, sealed.size() - kHead - kTag);
  std::string tag(sealed.substr(sealed.size() - kTag));
  std::string plain(body.size(), '\0');
  const Cipher cipher(EVP_CIPHER_CTX_new());
  int written = 0;
  const bool opened =
      EVP_DecryptInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, raw(cipher_.expose().data()),
                         raw(sealed.data() + 1)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), nullptr, &written, raw(context.data()), size_of(context)) == 1 &&
      EVP_DecryptUpdate(cipher.get(), raw(plain.data()), &written, raw(body.data()), size_of(body)) == 1 &&
      EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kTag, tag.data()) == 1 &&
      EVP_DecryptFinal_ex(cipher.get(), raw(plain.data() + written), &written) == 1;
  Secret secret(plain);
  wipe(plain);
  return opened ? std::optional(std::move(secret)) : std::nullopt;
}

Digest SealingKey::verifier(std::string_view context, const Secret& secret) const {
  // The context's length stands first: no two pairs give one message.
  Secret message(std::to_string(context.size()) + ":" + std::string(context) + secret.expose());
  return hmac_sha256(mac_.expose(), bytes_of(message));
}

}  // namespace cloister::gate::secrets
