// The part of DtlsSession that speaks OpenSSL: context, datagram BIO, certificate check.
#include "videobridge/transport/dtls/dtls_engine.h"

#include <malloc.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <cstring>

#include "base/assert.h"

namespace cloister::videobridge::transport {
namespace {

// Our order of preference (bridge.md §4.1). The certificate is ECDSA; the RSA ones matter when the peer is
// the server.
constexpr const char* kCiphers =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305:"
    "ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-AES128-GCM-SHA256";
constexpr const char* kGroups = "X25519:P-256:P-384";
// OpenSSL takes 22 KB for the messages of a handshake and keeps them with the session. On pages of their own
// they take what is written of them, a page or two, and go back to the system in the end; in the heap a storm
// of joins would leave holes of its size (docs/decisions/0021).
constexpr int kOwnPages = 20 * 1024;
constexpr const char* kSrtpProfiles = "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80";

std::string lower(std::string text) {
  std::ranges::transform(text, text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
  return text;
}

}  // namespace

struct DtlsCallbacks {
  static int write(BIO* bio, const char* data, int length) {
    BIO_clear_retry_flags(bio);
    session(bio).on_written(as_bytes({data, static_cast<std::size_t>(length)}));
    return length;
  }

  // One datagram a call; none is "try again".
  static int read(BIO* bio, char* out, int size) {
    BIO_clear_retry_flags(bio);
    Bytes& input = session(bio).input_;
    if (input.empty()) {
      BIO_set_retry_read(bio);
      return -1;
    }
    const std::size_t length = std::min(input.size(), static_cast<std::size_t>(size));
    std::memcpy(out, input.data(), length);
    input = {};
    return static_cast<int>(length);
  }

  // OpenSSL asks about kernel TLS, MTU and pending bytes as well: to those 0 is the true answer.
  static long control(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

  static int verify(X509_STORE_CTX* context, void*) {
    const auto* ssl =
        static_cast<SSL*>(X509_STORE_CTX_get_ex_data(context, SSL_get_ex_data_X509_STORE_CTX_idx()));
    const auto* self = static_cast<const DtlsSession*>(SSL_get_app_data(ssl));
    const X509* certificate = X509_STORE_CTX_get0_cert(context);
    const bool right = certificate != nullptr && matches_fingerprint(*certificate, self->peer_);
    if (!right) X509_STORE_CTX_set_error(context, X509_V_ERR_CERT_REJECTED);
    return right ? 1 : 0;
  }

  static DtlsSession& session(BIO* bio) { return *static_cast<DtlsSession*>(BIO_get_data(bio)); }

  static const BIO_METHOD* method() {
    static BIO_METHOD* const made = [] {
      BIO_METHOD* out = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "datagrams in memory");
      ASSERT(out != nullptr);
      BIO_meth_set_write(out, write);
      BIO_meth_set_read(out, read);
      BIO_meth_set_ctrl(out, control);
      return out;
    }();
    return made;
  }

  // An hour, in microseconds: OpenSSL's own retransmission never happens, ours does (dtls_session.h).
  static unsigned never(SSL*, unsigned) { return 3'600'000'000U; }
};

SSL_CTX* make_dtls_context() {
  mallopt(M_MMAP_THRESHOLD, kOwnPages);
  SSL_CTX* context = SSL_CTX_new(DTLS_method());
  ASSERT(context != nullptr);
  ASSERT(SSL_CTX_set_min_proto_version(context, DTLS1_2_VERSION) == 1);
  ASSERT(SSL_CTX_set_max_proto_version(context, DTLS1_2_VERSION) == 1);
  ASSERT(SSL_CTX_set_cipher_list(context, kCiphers) == 1);
  ASSERT(SSL_CTX_set1_groups_list(context, kGroups) == 1);
  ASSERT(SSL_CTX_set_tlsext_use_srtp(context, kSrtpProfiles) == 0);  // 0 is success, unlike all others
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET |
                                   SSL_OP_NO_QUERY_MTU);
  // No datagram is longer: a buffer of 1.5 KB in place of 16.
  ASSERT(SSL_CTX_set_max_send_fragment(context, DtlsSession::kMtu) == 1);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context, DtlsCallbacks::verify, nullptr);
  return context;
}

bool matches_fingerprint(const X509& certificate, const std::vector<Fingerprint>& offered) {
  for (const auto& [hash, digest] : {std::pair("sha-512", EVP_sha512()), std::pair("sha-384", EVP_sha384()),
                                     std::pair("sha-256", EVP_sha256())}) {
    const auto names_it = [hash = hash](const Fingerprint& one) { return lower(one.hash) == hash; };
    if (std::ranges::none_of(offered, names_it)) continue;
    const std::string value = lower(fingerprint_text(certificate, *digest));
    return std::ranges::any_of(
        offered, [&](const Fingerprint& one) { return names_it(one) && lower(one.value) == value; });
  }
  return false;
}

SSL* make_dtls_engine(const Certificate& certificate, DtlsRole role, DtlsSession& session) {
  SSL* ssl = SSL_new(certificate.context());
  ASSERT(ssl != nullptr);
  BIO* bio = BIO_new(DtlsCallbacks::method());
  ASSERT(bio != nullptr);
  BIO_set_data(bio, &session);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  SSL_set_app_data(ssl, &session);
  SSL_set_mtu(ssl, static_cast<long>(DtlsSession::kMtu));
  DTLS_set_timer_cb(ssl, DtlsCallbacks::never);
  if (role == DtlsRole::server)
    SSL_set_accept_state(ssl);
  else
    SSL_set_connect_state(ssl);
  return ssl;
}

std::optional<SrtpKeys> export_srtp_keys(SSL& ssl, DtlsRole role) {
  const SRTP_PROTECTION_PROFILE* chosen = SSL_get_selected_srtp_profile(&ssl);
  if (chosen == nullptr) return std::nullopt;
  SrtpKeys keys;
  keys.profile = static_cast<SrtpProfile>(chosen->id);
  // RFC 5764 §4.2: client key, server key, client salt, server salt.
  constexpr std::string_view kLabel = "EXTRACTOR-dtls_srtp";
  const std::size_t salt = salt_size(keys.profile);
  std::array<std::byte, 2 * (16 + 14)> material;
  if (SSL_export_keying_material(&ssl, reinterpret_cast<unsigned char*>(material.data()), 2 * (16 + salt),
                                 kLabel.data(), kLabel.size(), nullptr, 0, 0) != 1)
    return std::nullopt;
  SrtpMasterKey& client = role == DtlsRole::client ? keys.send : keys.receive;
  SrtpMasterKey& server = role == DtlsRole::client ? keys.receive : keys.send;
  ByteReader in(material);
  std::ranges::copy(in.take(16), client.key.begin());
  std::ranges::copy(in.take(16), server.key.begin());
  std::ranges::copy(in.take(salt), client.salt.begin());
  std::ranges::copy(in.take(salt), server.salt.begin());
  wipe(material.data(), material.size());
  return keys;
}

}  // namespace cloister::videobridge::transport
