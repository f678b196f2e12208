#include "videobridge/transport/dtls/certificate.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <array>
#include <string_view>

#include "base/assert.h"
#include "base/random.h"
#include "videobridge/transport/dtls/dtls_session.h"

namespace cloister::videobridge::transport {
namespace {

constexpr long kDay = 24 * 60 * 60;
constexpr std::size_t kNameLength = 16;

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using X509Certificate = std::unique_ptr<X509, Free>;

// Clocks of the two sides may differ by a day (bridge.md §4.1).
X509Certificate self_sign(EVP_PKEY& key) {
  X509Certificate out(X509_new());
  X509* x509 = out.get();
  const std::string name = random_token(kNameLength);
  ASSERT(X509_set_version(x509, X509_VERSION_3) == 1);
  ASSERT(ASN1_INTEGER_set_uint64(X509_get_serialNumber(x509), random_u64() >> 1) == 1);
  ASSERT(X509_gmtime_adj(X509_getm_notBefore(x509), -kDay) != nullptr);
  ASSERT(X509_gmtime_adj(X509_getm_notAfter(x509), 7 * kDay) != nullptr);
  ASSERT(X509_set_pubkey(x509, &key) == 1);
  X509_NAME* subject = X509_get_subject_name(x509);
  ASSERT(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC,
                                    reinterpret_cast<const unsigned char*>(name.data()),
                                    static_cast<int>(name.size()), -1, 0) == 1);
  ASSERT(X509_set_issuer_name(x509, subject) == 1);
  ASSERT(X509_sign(x509, &key, EVP_sha256()) > 0);
  return out;
}

}  // namespace

std::string fingerprint_text(const X509& certificate, const EVP_MD& digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum;
  unsigned length = 0;
  ASSERT(X509_digest(&certificate, &digest, sum.data(), &length) == 1);
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (unsigned i = 0; i < length; ++i) {
    if (i > 0) out += ':';
    out += kDigits[sum[i] >> 4];
    out += kDigits[sum[i] & 0x0fU];
  }
  return out;
}

std::shared_ptr<const Certificate> Certificate::generate() {
  const Key key(EVP_EC_gen("P-256"));
  ASSERT(key != nullptr);
  const X509Certificate x509 = self_sign(*key);
  std::shared_ptr<Certificate> out(new Certificate);
  out->context_ = make_dtls_context();
  ASSERT(SSL_CTX_use_certificate(out->context_, x509.get()) == 1);
  ASSERT(SSL_CTX_use_PrivateKey(out->context_, key.get()) == 1);
  out->fingerprint_ = {"sha-256", fingerprint_text(*x509, *EVP_sha256())};
  return out;
}

Certificate::~Certificate() { SSL_CTX_free(context_); }

std::shared_ptr<const Certificate> CertificateSource::current(TimePoint now) {
  if (!certificate_ || now - made_ >= 24h) {
    certificate_ = Certificate::generate();
    made_ = now;
  }
  return certificate_;
}

}  // namespace cloister::videobridge::transport
