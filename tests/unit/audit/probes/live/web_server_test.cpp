// A real TLS server on loopback, met as the audit meets it.
#include "audit/probes/live/web_server.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <thread>

namespace cloister::audit::probes {
namespace {

using ::testing::ElementsAre;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

class TlsServer {
public:
  TlsServer(int least, const char* suites, const char* modern_suites)
      : context_(SSL_CTX_new(TLS_server_method())) {
    EVP_PKEY* const key = EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
    X509* const certificate = X509_new();
    X509_gmtime_adj(X509_getm_notBefore(certificate), -1000);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 1000);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    SSL_CTX_use_certificate(context_, certificate);
    SSL_CTX_use_PrivateKey(context_, key);
    X509_free(certificate);
    EVP_PKEY_free(key);
    SSL_CTX_set_min_proto_version(context_, least);
    SSL_CTX_set_cipher_list(context_, suites);
    SSL_CTX_set_ciphersuites(context_, modern_suites);

    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    bind(listener_, reinterpret_cast<sockaddr*>(&address), length);
    listen(listener_, 32);
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &length);
    port_ = ntohs(address.sin_port);
    serving_ = std::thread([this] { serve(); });
  }
  ~TlsServer() {
    shutdown(listener_, SHUT_RDWR);
    serving_.join();
    close(listener_);
    SSL_CTX_free(context_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  std::uint16_t port() const { return port_; }

private:
  void serve() {
    sigset_t pipes;
    sigemptyset(&pipes);
    sigaddset(&pipes, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipes, nullptr);  // a client that has gone kills no server
    for (int accepted = accept(listener_, nullptr, nullptr); accepted >= 0;
         accepted = accept(listener_, nullptr, nullptr)) {
      SSL* const session = SSL_new(context_);
      SSL_set_fd(session, accepted);
      char request[1024];
      if (SSL_accept(session) == 1 && SSL_read(session, request, sizeof request) > 0) {
        constexpr std::string_view kAnswer =
            "HTTP/1.1 200 OK\r\nServer: nginx\r\nContent-Security-Policy: default-src 'none'; x: "
            "y\r\n\r\n<body>";
        SSL_write(session, kAnswer.data(), kAnswer.size());
      }
      SSL_free(session);
      close(accepted);
    }
  }

  int listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  SSL_CTX* context_;
  std::uint16_t port_ = 0;
  std::thread serving_;
};

TEST(WebServer, TellsEachVersionSuiteAndHeader) {
  const TlsServer server(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384",
                         "TLS_AES_128_GCM_SHA256");
  const auto seen = look_at_web_server("meet.example.org", server.port());
  ASSERT_TRUE(seen);
  EXPECT_THAT(seen->versions, ElementsAre("TLSv1.2", "TLSv1.3"));
  EXPECT_THAT(seen->suites, ElementsAre("ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384",
                                        "TLS_AES_128_GCM_SHA256"));
  EXPECT_THAT(seen->headers, UnorderedElementsAre(Pair("server", "nginx"), Pair("content-security-policy",
                                                                                "default-src 'none'; x: y")));
}

TEST(WebServer, FindsOldVersionsAndSuitesThatNobodyShouldTake) {
  const TlsServer server(TLS1_VERSION, "ALL:@SECLEVEL=0", "TLS_AES_256_GCM_SHA384");
  const auto seen = look_at_web_server("meet.example.org", server.port());
  ASSERT_TRUE(seen);
  EXPECT_THAT(seen->versions, ElementsAre("TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"));
  EXPECT_THAT(seen->suites, ::testing::Contains("ECDHE-ECDSA-AES128-SHA"));
}

TEST(WebServer, ThatIsNotThereIsAFault) {
  std::uint16_t port = 0;
  { port = TlsServer(TLS1_2_VERSION, "ALL", "TLS_AES_128_GCM_SHA256").port(); }
  EXPECT_EQ(look_at_web_server("meet.example.org", port).error().code, std::errc::connection_refused);
}

}  // namespace
}  // namespace cloister::audit::probes
