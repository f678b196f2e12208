#include "xmpp/stream/tls_layer.h"

#include <gloox/tlsdefault.h>
#include <gloox/tlshandler.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <array>

#include "base/assert.h"

namespace cloister::xmpp::stream {

TlsLayer::TlsLayer(gloox::TLSHandler& handler, const std::string& server, const std::string& ca_file)
    : TLSBase(&handler, server), ca_file_(ca_file) {}

// Not before there is a server to speak with: who looks for one for hours does not read the authorities each
// time.
void TlsLayer::make_context() {
  context_.reset(SSL_CTX_new(TLS_client_method()));
  ASSERT(context_);
  SSL_CTX_set_min_proto_version(context_.get(), TLS1_2_VERSION);
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_load_verify_file(context_.get(), ca_file_.c_str());
  // A file with just the server's own certificate is enough.
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context_.get()), X509_V_FLAG_PARTIAL_CHAIN);
  ERR_clear_error();
}

bool TlsLayer::handshake() {
  ++round_;
  if (!context_) make_context();
  ssl_.reset(SSL_new(context_.get()));
  received_ = BIO_new(BIO_s_mem());
  to_send_ = BIO_new(BIO_s_mem());
  ASSERT(ssl_ && received_ && to_send_);
  SSL_set_bio(ssl_.get(), received_, to_send_);
  SSL_set_connect_state(ssl_.get());
  SSL_set_hostflags(ssl_.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  SSL_set1_host(ssl_.get(), m_server.c_str());
  SSL_set_tlsext_host_name(ssl_.get(), m_server.c_str());
  step();
  return true;
}

void TlsLayer::step() {
  const int result = SSL_do_handshake(ssl_.get());
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  flush();
  if (result == 1) return finish_handshake();
  if (error != SSL_ERROR_WANT_READ) break_off();
}

void TlsLayer::finish_handshake() {
  m_secure = true;
  m_certInfo.status = gloox::CertOk;
  m_certInfo.protocol = SSL_get_version(ssl_.get());
  m_certInfo.cipher = SSL_get_cipher_name(ssl_.get());
  m_handler->handleHandshakeResult(this, true, m_certInfo);
}

bool TlsLayer::encrypt(const std::string& data) {
  if (!m_secure || !ssl_ || data.empty()) return false;
  std::size_t written = 0;
  const bool done = SSL_write_ex(ssl_.get(), data.data(), data.size(), &written) == 1;
  ERR_clear_error();
  flush();
  return done;
}

int TlsLayer::decrypt(const std::string& data) {
  if (!ssl_) return 0;
  BIO_write(received_, data.data(), static_cast<int>(data.size()));
  const int round = round_;
  if (!m_secure) step();
  if (ssl_ && round == round_ && m_secure) read_all();
  return static_cast<int>(data.size());
}

void TlsLayer::read_all() {
  std::array<char, 16384> buffer{};
  const int round = round_;
  while (ssl_ && round == round_) {
    std::size_t size = 0;
    if (SSL_read_ex(ssl_.get(), buffer.data(), buffer.size(), &size) != 1) {
      const int error = SSL_get_error(ssl_.get(), 0);
      ERR_clear_error();
      if (error == SSL_ERROR_WANT_READ) return flush();  // e.g. the answer to a key update
      return break_off();
    }
    m_handler->handleDecryptedData(this, std::string(buffer.data(), size));
  }
}

void TlsLayer::flush() {
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(to_send_, &bytes);
  if (size <= 0) return;
  const std::string data(bytes, static_cast<std::size_t>(size));
  BIO_reset(to_send_);
  m_handler->handleEncryptedData(this, data);
}

void TlsLayer::break_off() {
  m_certInfo.status = gloox::CertInvalid;
  m_handler->handleHandshakeResult(this, false, m_certInfo);
}

void TlsLayer::cleanup() {
  ++round_;
  m_secure = false;
  ssl_.reset();
}

}  // namespace cloister::xmpp::stream

// gloox's own TLS, which it would make where none was given to it. In the place of the archive's, so that
// GnuTLS is not linked: 6.7 MB of libraries, with which nothing would ever be encrypted. This one cannot do
// anything.
namespace gloox {

TLSDefault::TLSDefault(TLSHandler* handler, const std::string server, Type)
    : TLSBase(handler, server), m_impl(nullptr) {}
TLSDefault::~TLSDefault() = default;
bool TLSDefault::init(const std::string&, const std::string&, const StringList&) { return false; }
bool TLSDefault::encrypt(const std::string&) { return false; }
int TLSDefault::decrypt(const std::string&) { return 0; }
void TLSDefault::cleanup() {}
bool TLSDefault::handshake() { return false; }
bool TLSDefault::isSecure() const { return false; }
bool TLSDefault::hasChannelBinding() const { return false; }
const std::string TLSDefault::channelBinding() const { return {}; }
void TLSDefault::setCACerts(const StringList&) {}
const CertInfo& TLSDefault::fetchTLSInfo() const { return m_certInfo; }
void TLSDefault::setClientCert(const std::string&, const std::string&) {}
int TLSDefault::types() { return 0; }

}  // namespace gloox
