#include "cli/doctor/relay.h"

#include <fmt/core.h>
#include <openssl/evp.h>
#include <poll.h>

#include <cerrno>
#include <chrono>
#include <functional>
#include <optional>
#include <vector>

#include "base/base64.h"
#include "base/random.h"
#include "net/sockaddr.h"
#include "net/udp_socket.h"
#include "wire/stun.h"

namespace cloister::cli::doctor {
namespace {

using wire::StunClass;
using wire::StunMethod;
using Space = std::array<std::byte, 1500>;
constexpr std::chrono::milliseconds kFirstWait{300};  // doubled with each repetition
constexpr int kTries = 4;

// One request at a time, repeated until it is answered.
class Conversation {
public:
  static Result<Conversation, std::string> with(const SocketAddress& relay) {
    const bool v4 = relay.family() == IpFamily::v4;
    auto socket = net::open_udp_socket(*SocketAddress::parse(v4 ? "0.0.0.0" : "::", 0), 0, 0);
    if (!socket) return fail(socket.error().code.message());
    sockaddr_storage to{};
    const socklen_t size = net::to_sockaddr(relay, to);
    if (connect(socket->get(), reinterpret_cast<const sockaddr*>(&to), size) != 0)
      return fail(std::error_code(errno, std::generic_category()).message());
    return Conversation(std::move(*socket));
  }

  // `fill` writes the attributes and gives the message's length. Nothing when nobody answers.
  using Fill = std::function<std::size_t(wire::StunWriter&)>;
  std::optional<wire::StunMessage> ask(StunMethod method, const Fill& fill) {
    wire::TransactionId id;
    fill_random(id);
    Space request;
    wire::StunWriter writer(request, StunClass::request, id, method);
    const Bytes bytes = Bytes(request).first(fill(writer));
    auto wait = kFirstWait;
    for (int i = 0; i < kTries; ++i, wait *= 2) {
      if (send(socket_.get(), bytes.data(), bytes.size(), 0) < 0 && errno != ECONNREFUSED)
        return std::nullopt;
      if (auto answer = receive(id, method, wait)) return answer;
    }
    return std::nullopt;
  }

private:
  explicit Conversation(net::FileDescriptor socket) : socket_(std::move(socket)) {}

  std::optional<wire::StunMessage> receive(const wire::TransactionId& id, StunMethod method,
                                           std::chrono::milliseconds wait) {
    const auto until = std::chrono::steady_clock::now() + wait;
    for (;;) {
      const auto left =
          std::chrono::duration_cast<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
      pollfd socket{.fd = socket_.get(), .events = POLLIN, .revents = 0};
      if (left.count() <= 0 || poll(&socket, 1, static_cast<int>(left.count())) != 1) return std::nullopt;
      const ssize_t size = recv(socket_.get(), answer_.data(), answer_.size(), 0);
      if (size < 0) continue;  // refused for now: it may be starting
      const auto message = wire::parse_stun(Bytes(answer_).first(static_cast<std::size_t>(size)), method);
      if (message && message->id == id && message->kind != StunClass::request) return *message;
    }
  }

  net::FileDescriptor socket_;
  Space answer_{};  // what the last answer's views look into
};

constexpr const char* kNobody = "nobody answers";

std::string refusal(std::uint16_t code) {
  switch (code) {
    case 401: return "it does not accept passwords made with this secret (401)";
    case 437: return "it is confused about its allocations (437)";
    case 486: return "it gives no more allocations to one user (486)";
    case 508: return "it has no more ports (508)";
    default: return fmt::format("it refuses with {}", code);
  }
}

}  // namespace

RelayCredentials make_credentials(const Personal<std::string>& secret,
                                  std::chrono::system_clock::time_point end) {
  const std::string name = fmt::format("{}:doctor", std::chrono::system_clock::to_time_t(end));
  const wire::HmacSha1 key(as_bytes(secret.expose()));
  return {name, Personal<std::string>(base64(key.sign(as_bytes(name))))};
}

std::array<std::byte, 16> long_term_key(const std::string& name, std::string_view realm,
                                        const Personal<std::string>& password) {
  std::string text = fmt::format("{}:{}:{}", name, realm, password.expose());
  std::array<std::byte, 16> out{};
  EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(out.data()), nullptr, EVP_md5(),
             nullptr);
  wipe(text);
  return out;
}

Result<SocketAddress, std::string> try_allocation(const SocketAddress& relay,
                                                  const RelayCredentials& credentials) {
  auto conversation = Conversation::with(relay);
  if (!conversation) return fail(conversation.error());
  // The first one is refused, with what the second needs (RFC 8489 §9.2.3).
  const auto challenge = conversation->ask(
      StunMethod::allocate, [](wire::StunWriter& out) { return out.requested_udp().finish(); });
  if (!challenge) return fail(std::string(kNobody));
  if (!challenge->realm || !challenge->nonce)
    return fail(challenge->kind == StunClass::success
                    ? std::string("it relays for everybody, without a password")
                    : refusal(challenge->error_code));
  const std::string realm(*challenge->realm), nonce(*challenge->nonce);
  const wire::HmacSha1 key(long_term_key(credentials.name, realm, credentials.password));
  const auto granted = conversation->ask(StunMethod::allocate, [&](wire::StunWriter& out) {
    return out.requested_udp().credentials(credentials.name, realm, nonce).finish(key);
  });
  if (!granted) return fail(std::string(kNobody));
  if (granted->kind != StunClass::success) return fail(refusal(granted->error_code));
  if (!wire::has_integrity(*granted, key) || !granted->relayed_address)
    return fail(std::string("what it grants is not signed with the password"));
  const SocketAddress relayed = *granted->relayed_address;
  (void)conversation->ask(StunMethod::refresh, [&](wire::StunWriter& out) {
    return out.lifetime(0).credentials(credentials.name, realm, nonce).finish(key);
  });
  return relayed;
}

Result<void, std::string> ask_binding(const SocketAddress& relay) {
  auto conversation = Conversation::with(relay);
  if (!conversation) return fail(conversation.error());
  const auto answer =
      conversation->ask(StunMethod::binding, [](wire::StunWriter& out) { return out.finish(); });
  if (!answer) return fail(std::string(kNobody));
  return {};
}

}  // namespace cloister::cli::doctor
