#include "room/bridge_process.h"

#include <poll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include "base/assert.h"
#include "forward/bridge.h"
#include "xmpp/xml/colibri2_xml.h"

namespace cloister::bench {
namespace {

namespace xml = xmpp::xml;

constexpr char kAsk = 'a';
constexpr char kTell = 't';

bool send_all(int socket, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

// A message is its length and its bytes.
bool send_message(int socket, std::string_view text) {
  const auto size = static_cast<std::uint32_t>(text.size());
  return send_all(socket, {reinterpret_cast<const char*>(&size), sizeof size}) && send_all(socket, text);
}

std::optional<std::string> receive_message(int socket) {
  std::uint32_t size = 0;
  if (recv(socket, &size, sizeof size, MSG_WAITALL) != sizeof size) return std::nullopt;
  std::string text(size, '\0');
  if (size > 0 && recv(socket, text.data(), size, MSG_WAITALL) != static_cast<ssize_t>(size))
    return std::nullopt;
  return text;
}

std::string answer(Bridge& bridge, std::string_view message) {
  const char kind = message.front();
  message.remove_prefix(1);
  if (kind == kTell) {
    const auto end = message.find('\n');
    bridge.tell(std::string(message.substr(0, end)), std::string(message.substr(end + 1)));
    return {};
  }
  const auto element = xml::parse(message);
  ASSERT(element);
  const auto request = xml::parse_conference_modify(*element);
  ASSERT(request);
  return xml::write(xml::write_conference_modified(bridge.ask(*request)));
}

[[noreturn]] void serve(int socket, const Place& place, std::size_t loudest) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  Bridge bridge(place, {.loudest = loudest});
  constexpr int kMilliseconds = 50;
  for (pollfd asked{.fd = socket, .events = POLLIN, .revents = 0};;) {
    const int ready = poll(&asked, 1, kMilliseconds);
    bridge.poll();
    if (ready == 0) continue;
    const auto message = receive_message(socket);
    if (!message || !send_message(socket, answer(bridge, *message))) break;
  }
  _exit(0);
}

}  // namespace

BridgeProcess::BridgeProcess(const Place& place, std::size_t loudest) {
  int pair[2];
  ASSERT(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
  pid_ = fork();
  ASSERT(pid_ >= 0);
  if (pid_ == 0) {
    close(pair[0]);
    serve(pair[1], place, loudest);
  }
  close(pair[1]);
  socket_ = pair[0];
}

BridgeProcess::~BridgeProcess() {
  close(socket_);
  waitpid(pid_, nullptr, 0);
}

std::string BridgeProcess::exchange(char kind, std::string_view text) {
  std::optional<std::string> got;
  if (send_message(socket_, std::string(1, kind) + std::string(text))) got = receive_message(socket_);
  ASSERT(got);
  return *got;
}

xmpp::colibri2::ConferenceModified BridgeProcess::ask(const xmpp::colibri2::ConferenceModify& request) {
  const auto element = xml::parse(exchange(kAsk, xml::write(xml::write_conference_modify(request))));
  ASSERT(element);
  auto modified = xml::parse_conference_modified(*element);
  ASSERT(modified);
  return std::move(*modified);
}

void BridgeProcess::tell(const std::string& channel_url, const std::string& message) {
  exchange(kTell, channel_url + "\n" + message);
}

}  // namespace cloister::bench
