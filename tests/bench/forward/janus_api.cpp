#include "forward/janus_api.h"

#include <fmt/core.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "net/sockaddr.h"

namespace cloister::bench {
namespace {

namespace json = boost::json;

[[noreturn]] void give_up(const std::string& what) {
  fmt::print(stderr, "Janus: {}\n", what);
  std::exit(1);
}

// One question, one connection.
json::object exchange(const SocketAddress& janus, const std::string& head, const std::string& body) {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_storage name{};
  const socklen_t length = net::to_sockaddr(janus, name);
  if (fd < 0 || connect(fd, reinterpret_cast<sockaddr*>(&name), length) != 0) give_up("nobody answers");
  const std::string text = fmt::format(
      "{} HTTP/1.0\r\nHost: janus\r\nContent-Type: application/json\r\n"
      "Content-Length: {}\r\n\r\n{}",
      head, body.size(), body);
  if (send(fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
    give_up("it hangs up");
  std::string answer;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = recv(fd, piece.data(), piece.size(), 0)) > 0;)
    answer.append(piece.data(), static_cast<std::size_t>(got));
  close(fd);
  const auto end = answer.find("\r\n\r\n");
  boost::system::error_code error;
  const json::value value =
      end == std::string::npos ? json::value() : json::parse(answer.substr(end + 4), error);
  if (error || !value.is_object()) give_up("it does not answer in JSON");
  if (value.as_object().contains("error")) give_up(json::serialize(value));
  return value.as_object();
}

std::string path_of(const json::object& answer) {
  return "/" + std::to_string(answer.at("data").at("id").to_number<std::uint64_t>());
}

}  // namespace

JanusHandle::JanusHandle(const SocketAddress& janus) : janus_(janus) {
  session_ = "/janus" + path_of(post("/janus", {
                                                   {"janus", "create"}
  }));
  handle_ =
      session_ + path_of(post(session_, {
                                            {"janus",  "attach"                },
                                            {"plugin", "janus.plugin.videoroom"}
  }));
}

json::object JanusHandle::post(const std::string& path, const json::object& message) {
  json::object with_transaction = message;
  with_transaction["transaction"] = "bench";
  return exchange(janus_, "POST " + path, json::serialize(with_transaction));
}

std::string JanusHandle::request(json::object body, Brings brings, json::object jsep) {
  json::object message{
      {"janus", "message"      },
      {"body",  std::move(body)}
  };
  if (!jsep.empty()) message["jsep"] = std::move(jsep);
  post(handle_, message);
  return brings == Brings::answer ? std::string() : wait_for(brings);
}

void JanusHandle::wait_until_up() {
  for (int i = 0; i < 20; ++i) {
    const json::object event = exchange(janus_, "GET " + session_, "");
    if (const auto* kind = event.if_contains("janus"); kind && *kind == "webrtcup") return;
  }
  give_up("no connection");
}

std::string JanusHandle::wait_for(Brings brings) {
  for (int i = 0; i < 20; ++i) {
    const json::object event = exchange(janus_, "GET " + session_, "");
    if (const auto* kind = event.if_contains("janus"); !kind || *kind != "event") continue;
    if (const auto* data = event.at("plugindata").as_object().if_contains("data");
        data && data->as_object().contains("error"))
      give_up(json::serialize(*data));
    if (brings == Brings::event) return {};
    if (const auto* jsep = event.if_contains("jsep")) return std::string(jsep->at("sdp").as_string());
  }
  give_up("what was asked for does not come");
}

}  // namespace cloister::bench
