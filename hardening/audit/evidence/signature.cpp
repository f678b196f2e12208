#include "audit/evidence/signature.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <optional>
#include <span>
#include <vector>

#include "base/assert.h"

namespace cloister::audit::evidence {
namespace {

constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kMostPem = 4096;

const unsigned char* bytes_of(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::string hex_of(std::span<const unsigned char> bytes) {
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

int digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

std::optional<std::vector<unsigned char>> from_hex(const std::string& text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<unsigned char> bytes;
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<unsigned char>(high * 16 + low));
  }
  return bytes;
}

struct FreeBio {
  void operator()(BIO* bio) const { BIO_free(bio); }
};
using Bio = std::unique_ptr<BIO, FreeBio>;
struct FreeContext {
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};
using Context = std::unique_ptr<EVP_MD_CTX, FreeContext>;

std::string text_in(BIO* bio) {
  char* start = nullptr;
  const long length = BIO_get_mem_data(bio, &start);
  return {start, static_cast<std::size_t>(length)};
}

using ReadPem = EVP_PKEY* (*)(BIO*, EVP_PKEY**, pem_password_cb*, void*);

// No passphrase is asked for at a terminal: a key that has one is refused.
int no_password(char*, int, int, void*) { return -1; }

Result<Key, std::string> parse_key(const std::string& pem, ReadPem read) {
  if (pem.size() > kMostPem) return fail(std::string("this is too long for a key"));
  const Bio bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  Key key(bio ? read(bio.get(), nullptr, no_password, nullptr) : nullptr);
  if (!key || EVP_PKEY_get_id(key.get()) != EVP_PKEY_ED25519)
    return fail(std::string("this is no Ed25519 key in PEM form"));
  return key;
}

}  // namespace

void FreeKey::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

std::string digest_of(std::string_view bytes) {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned length = 0;
  ASSERT(EVP_Digest(bytes.data(), bytes.size(), digest, &length, EVP_sha256(), nullptr) == 1);
  return hex_of({digest, length});
}

Result<PublicKey, std::string> PublicKey::parse(const std::string& pem) {
  auto key = parse_key(pem, PEM_read_bio_PUBKEY);
  if (!key) return fail(key.error());
  return PublicKey(std::move(*key));
}

std::string PublicKey::id() const {
  unsigned char raw[32];
  std::size_t length = sizeof raw;
  ASSERT(EVP_PKEY_get_raw_public_key(key_.get(), raw, &length) == 1);
  return digest_of({reinterpret_cast<const char*>(raw), length}).substr(0, 16);
}

std::string PublicKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  ASSERT(bio && PEM_write_bio_PUBKEY(bio.get(), key_.get()) == 1);
  return text_in(bio.get());
}

bool PublicKey::verifies(std::string_view text, const std::string& signature) const {
  const auto bytes = from_hex(signature);
  const Context context(EVP_MD_CTX_new());
  return bytes && bytes->size() == kSignatureBytes && context &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1 &&
         EVP_DigestVerify(context.get(), bytes->data(), bytes->size(), bytes_of(text), text.size()) == 1;
}

SigningKey SigningKey::make() {
  Key key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  ASSERT(key != nullptr);
  return SigningKey(std::move(key));
}

Result<SigningKey, std::string> SigningKey::parse(const std::string& pem) {
  auto key = parse_key(pem, PEM_read_bio_PrivateKey);
  if (!key) return fail(key.error());
  return SigningKey(std::move(*key));
}

PublicKey SigningKey::public_key() const {
  auto parsed = PublicKey::parse([this] {
    const Bio bio(BIO_new(BIO_s_mem()));
    ASSERT(bio && PEM_write_bio_PUBKEY(bio.get(), key_.get()) == 1);
    return text_in(bio.get());
  }());
  ASSERT(parsed.has_value());
  return std::move(*parsed);
}

std::string SigningKey::pem() const {
  const Bio bio(BIO_new(BIO_s_mem()));
  ASSERT(bio && PEM_write_bio_PrivateKey(bio.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr) == 1);
  return text_in(bio.get());
}

std::string SigningKey::sign(std::string_view text) const {
  unsigned char signature[kSignatureBytes];
  std::size_t length = sizeof signature;
  const Context context(EVP_MD_CTX_new());
  ASSERT(context && EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) == 1);
  ASSERT(EVP_DigestSign(context.get(), signature, &length, bytes_of(text), text.size()) == 1);
  return hex_of({signature, length});
}

}  // namespace cloister::audit::evidence
