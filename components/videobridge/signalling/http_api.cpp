#include "videobridge/signalling/http_api.h"

#include <algorithm>
#include <charconv>

namespace cloister::videobridge::signalling {
namespace {

// The next part of a path: what stands before the next slash.
std::string_view take_part(std::string_view& path) {
  const std::string_view part = path.substr(0, path.find('/'));
  path.remove_prefix(std::min(path.size(), part.size() + 1));
  return part;
}

std::string_view query_value(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    const std::string_view field = query.substr(0, query.find('&'));
    query.remove_prefix(std::min(query.size(), field.size() + 1));
    const std::size_t equals = field.find('=');
    if (equals != std::string_view::npos && field.substr(0, equals) == name) return field.substr(equals + 1);
  }
  return {};
}

}  // namespace

std::optional<ChannelTarget> parse_channel_target(std::string_view target, std::string_view prefix) {
  const std::size_t question = target.find('?');
  std::string_view path = target.substr(0, question);
  if (!path.starts_with(prefix) || !path.substr(prefix.size()).starts_with('/')) return std::nullopt;
  path.remove_prefix(prefix.size() + 1);

  ChannelTarget out;
  const std::string_view shard = take_part(path);
  const auto [end, error] = std::from_chars(shard.data(), shard.data() + shard.size(), out.shard);
  if (error != std::errc{} || end != shard.data() + shard.size()) return std::nullopt;
  out.request.conference = take_part(path);
  out.request.endpoint = Personal<std::string>(std::string(take_part(path)));
  if (out.request.conference.empty() || out.request.endpoint.expose().empty() || !path.empty())
    return std::nullopt;
  if (question != std::string_view::npos)
    out.request.password =
        Personal<std::string>(std::string(query_value(target.substr(question + 1), "pwd")));
  return out;
}

std::string url_path(std::string_view url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) return {};
  const std::size_t slash = url.find('/', scheme + 3);
  return slash == std::string_view::npos ? std::string() : std::string(url.substr(slash));
}

// One client's open bridge channel: what it says goes to its shard.
class HttpApi::Channel final : public net::WebSocket::Listener {
public:
  Channel(HttpApi& api, shard::Shard& shard, conference::WebSocketHandle handle,
          std::unique_ptr<net::WebSocket> socket)
      : api_(api), shard_(shard), handle_(handle), socket_(std::move(socket)) {}

  void start() { socket_->start(*this); }
  void send(std::string text) { socket_->send_text(std::move(text)); }
  void close(std::uint16_t code) { socket_->close(static_cast<net::CloseCode>(code)); }

private:
  void on_text(std::string_view text) override { shard_.receive_web_socket_text(handle_, std::string(text)); }
  void on_closed() override {
    shard_.forget_web_socket(handle_);
    api_.forget(handle_);  // destroys this
  }

  HttpApi& api_;
  shard::Shard& shard_;
  conference::WebSocketHandle handle_;
  std::unique_ptr<net::WebSocket> socket_;
};

HttpApi::HttpApi(net::Reactor& reactor) : reactor_(reactor) {}
HttpApi::~HttpApi() = default;

Result<void, SystemError> HttpApi::listen(const std::string& address, std::uint16_t port) {
  auto server = net::HttpServer::listen(reactor_, {.address = address, .port = port});
  if (!server) return fail(server.error());
  server_ = std::move(*server);
  return {};
}

void HttpApi::serve(std::vector<shard::Shard*> shards, OperatorApi& operators,
                    const std::string& web_socket_url) {
  shards_ = std::move(shards);
  prefix_ = url_path(web_socket_url);
  if (!server_) return;
  server_->on_request([&operators](const net::HttpRequest& request, net::HttpResponder responder) {
    responder.reply(operators.answer(request));
  });
  if (web_socket_url.empty()) return;
  server_->on_upgrade([this](const net::HttpRequest& request, net::UpgradeResponder responder) {
    on_upgrade(request, std::move(responder));
  });
}

void HttpApi::on_upgrade(const net::HttpRequest& request, net::UpgradeResponder responder) {
  const auto target = parse_channel_target(request.target, prefix_);
  if (!target || target->shard >= shards_.size()) return responder.refuse({.status = 404});
  auto answer = std::make_shared<net::UpgradeResponder>(std::move(responder));
  shards_[target->shard]->check_channel(target->request, [this, target = *target, answer](bool known) {
    if (!known) return answer->refuse({.status = 403, .body = "authentication failed\n"});
    answer->accept(
        [this, target](std::unique_ptr<net::WebSocket> socket) { take(target, std::move(socket)); });
  });
}

void HttpApi::take(const ChannelTarget& target, std::unique_ptr<net::WebSocket> socket) {
  const conference::WebSocketHandle handle{++last_handle_};
  shard::Shard& shard = *shards_[target.shard];
  auto& channel = channels_[handle] = std::make_unique<Channel>(*this, shard, handle, std::move(socket));
  shard.open_web_socket(target.request, handle);
  channel->start();
}

void HttpApi::send(conference::WebSocketHandle handle, std::string text) {
  if (const auto at = channels_.find(handle); at != channels_.end()) at->second->send(std::move(text));
}

void HttpApi::close(conference::WebSocketHandle handle, std::uint16_t code) {
  const auto at = channels_.find(handle);
  if (at == channels_.end()) return;
  at->second->close(code);
  channels_.erase(at);
}

void HttpApi::forget(conference::WebSocketHandle handle) { channels_.erase(handle); }

}  // namespace cloister::videobridge::signalling
