// TLS for gloox, on OpenSSL: 1.2 or newer, the server's certificate checked against the given authorities (no
// others) and the given name before a byte of ours is sent. It stands in for gloox's own, which trusts every
// authority of the system as well and never gives their memory back: 3.5 MB with each new connection.
#pragma once

#include <gloox/tlsbase.h>
#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace cloister::xmpp::stream {

class TlsLayer final : public gloox::TLSBase {
public:
  // An authority file that cannot be read makes every handshake fail.
  TlsLayer(gloox::TLSHandler& handler, const std::string& server, const std::string& ca_file);

  bool handshake() override;
  bool encrypt(const std::string& data) override;
  int decrypt(const std::string& data) override;
  void cleanup() override;

  // gloox's other ways of setting up: not used.
  bool init(const std::string&, const std::string&, const gloox::StringList&) override { return true; }
  void setCACerts(const gloox::StringList&) override {}
  void setClientCert(const std::string&, const std::string&) override {}

private:
  void make_context();
  void step();
  void finish_handshake();
  void read_all();
  void flush();
  void break_off();

  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };
  std::string ca_file_;
  std::unique_ptr<SSL_CTX, Free> context_;  // null until the first handshake
  std::unique_ptr<SSL, Free> ssl_;  // null: not begun, or over; may become so within any call of the handler
  BIO* received_ = nullptr;         // owned by ssl_
  BIO* to_send_ = nullptr;
  int round_ = 0;  // counts handshakes: tells a loop that its connection is over
};

}  // namespace cloister::xmpp::stream
