#include "audit/probes/live/web_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <memory>
#include <optional>

#include "audit/probes/text/lines.h"
#include "audit/probes/text/values.h"

namespace cloister::audit::probes {
namespace {

struct Version {
  int number;
  const char* name;
};
constexpr std::array kVersions{
    Version{TLS1_VERSION,   "TLSv1.0"},
    Version{TLS1_1_VERSION, "TLSv1.1"},
    Version{TLS1_2_VERSION, "TLSv1.2"},
    Version{TLS1_3_VERSION, "TLSv1.3"}
};
// All that this OpenSSL has, also what nobody should take: it is asked whether the server does.
constexpr const char* kEverySuite = "ALL:COMPLEMENTOFALL:!aNULL:!PSK:!SRP:@SECLEVEL=0";
constexpr std::array kModernSuites{"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256",
                                   "TLS_AES_128_GCM_SHA256", "TLS_AES_128_CCM_SHA256",
                                   "TLS_AES_128_CCM_8_SHA256"};
constexpr std::size_t kMostSuites = 200;
constexpr std::size_t kMostAnswer = 64 * 1024;
constexpr timeval kPatience{2, 0};

// OpenSSL writes to a server that may have gone: that is an error, and not the end of this program. One
// thread.
class PipesDoNotKill {
public:
  PipesDoNotKill() : before_(std::signal(SIGPIPE, SIG_IGN)) {}
  ~PipesDoNotKill() { std::signal(SIGPIPE, before_); }
  PipesDoNotKill(const PipesDoNotKill&) = delete;
  PipesDoNotKill& operator=(const PipesDoNotKill&) = delete;

private:
  void (*before_)(int);
};

struct Free {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using Context = std::unique_ptr<SSL_CTX, Free>;

class Socket {
public:
  explicit Socket(std::uint16_t port) : number_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    setsockopt(number_, SOL_SOCKET, SO_RCVTIMEO, &kPatience, sizeof kPatience);
    setsockopt(number_, SOL_SOCKET, SO_SNDTIMEO, &kPatience, sizeof kPatience);
    if (connect(number_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      error_ = {errno, std::generic_category()};
  }
  ~Socket() { close(number_); }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  int number() const { return number_; }
  const std::error_code& error() const { return error_; }

private:
  int number_;
  std::error_code error_;
};

// What one handshake offers.
struct Offer {
  int least = TLS1_VERSION;
  int most = TLS1_3_VERSION;
  std::string suites = kEverySuite;
  std::string modern_suites;  // of TLS 1.3; empty: OpenSSL's own
};

Context context_of(const Offer& offer) {
  Context context(SSL_CTX_new(TLS_client_method()));
  if (!context || SSL_CTX_set_min_proto_version(context.get(), offer.least) != 1 ||
      SSL_CTX_set_max_proto_version(context.get(), offer.most) != 1 ||
      SSL_CTX_set_cipher_list(context.get(), offer.suites.c_str()) != 1)
    return nullptr;
  if (!offer.modern_suites.empty() &&
      SSL_CTX_set_ciphersuites(context.get(), offer.modern_suites.c_str()) != 1)
    return nullptr;
  // The certificate is another check's; here everything is talked to.
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  return context;
}

struct Agreed {
  std::string version;
  std::string suite;
  std::string answer;  // to the request, when there was one
};

std::string talk(SSL* session, const std::string& request) {
  std::string answer;
  if (SSL_write(session, request.data(), static_cast<int>(request.size())) <= 0) return answer;
  for (char part[4096]; answer.size() < kMostAnswer && answer.find("\r\n\r\n") == std::string::npos;) {
    const int got = SSL_read(session, part, sizeof part);
    if (got <= 0) break;
    answer.append(part, static_cast<std::size_t>(got));
  }
  return answer;
}

std::optional<Agreed> shake_hands(const std::string& host, std::uint16_t port, const Offer& offer,
                                  const std::string& request = {}) {
  const Context context = context_of(offer);
  const Socket socket(port);
  if (!context || socket.error()) return std::nullopt;
  const std::unique_ptr<SSL, Free> session(SSL_new(context.get()));
  if (!session || SSL_set_fd(session.get(), socket.number()) != 1) return std::nullopt;
  SSL_set_tlsext_host_name(session.get(), host.c_str());
  if (SSL_connect(session.get()) != 1) return std::nullopt;
  Agreed agreed{SSL_get_version(session.get()), SSL_get_cipher_name(session.get()), {}};
  if (!request.empty()) agreed.answer = talk(session.get(), request);
  return agreed;
}

// Offers all suites, then all but the one that was chosen, until nothing is agreed on.
void add_older_suites(const std::string& host, std::uint16_t port, std::vector<std::string>& suites) {
  Offer offer{.least = TLS1_VERSION, .most = TLS1_2_VERSION, .suites = kEverySuite, .modern_suites = {}};
  while (suites.size() < kMostSuites) {
    const auto agreed = shake_hands(host, port, offer);
    if (!agreed || std::ranges::find(suites, agreed->suite) != suites.end()) return;
    suites.push_back(agreed->suite);
    offer.suites += ":!" + agreed->suite;
  }
}

void add_modern_suites(const std::string& host, std::uint16_t port, std::vector<std::string>& suites) {
  for (const char* const suite : kModernSuites)
    if (shake_hands(
            host, port,
            {.least = TLS1_3_VERSION, .most = TLS1_3_VERSION, .suites = kEverySuite, .modern_suites = suite}))
      suites.emplace_back(suite);
}

std::map<std::string, std::string> headers_of(std::string_view answer) {
  std::map<std::string, std::string> headers;
  const std::string_view head = answer.substr(0, answer.find("\r\n\r\n"));
  for (const Line& line : lines_of(head, ""))
    if (const auto parts = split_at(line.text, ':'); parts && line.number > 1)
      headers.emplace(lower(parts->first), std::string(parts->second));
  return headers;
}

}  // namespace

Result<WebServer, SystemError> look_at_web_server(const std::string& host, std::uint16_t port) {
  const PipesDoNotKill guard;
  if (const Socket reached(port); reached.error())
    return fail(SystemError{reached.error(), "connecting to the web server"});
  WebServer server;
  for (const auto& [number, name] : kVersions)
    if (shake_hands(host, port,
                    {.least = number, .most = number, .suites = kEverySuite, .modern_suites = {}}))
      server.versions.emplace_back(name);
  add_older_suites(host, port, server.suites);
  add_modern_suites(host, port, server.suites);
  std::ranges::sort(server.suites);
  const std::string request = "GET / HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
  if (const auto page = shake_hands(host, port, {}, request); page) server.headers = headers_of(page->answer);
  return server;
}

}  // namespace cloister::audit::probes
