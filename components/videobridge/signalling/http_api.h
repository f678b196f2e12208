// The bridge's HTTP port on loopback: for operators (operator_api.h), and for clients, behind the web server,
// the bridge channel as WebSocket (bridge.md §8.1). Main thread.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "net/http_server.h"
#include "videobridge/shard/shard.h"
#include "videobridge/signalling/operator_api.h"

namespace cloister::videobridge::signalling {

// What a bridge channel's URL names: a shard and a channel on it.
struct ChannelTarget {
  std::size_t shard = 0;
  shard::ChannelRequest request;
};

// Takes "<prefix>/<shard>/<conference>/<endpoint>?pwd=<secret>" apart; nothing for anything else.
std::optional<ChannelTarget> parse_channel_target(std::string_view target, std::string_view prefix);
// The path of an URL: "/colibri-ws/bridge-1" of "wss://meet.example/colibri-ws/bridge-1".
std::string url_path(std::string_view url);

class HttpApi {
public:
  explicit HttpApi(net::Reactor& reactor);
  ~HttpApi();

  Result<void, SystemError> listen(const std::string& address, std::uint16_t port);
  // Answers from now on. All outlive this.
  void serve(std::vector<shard::Shard*> shards, OperatorApi& operators, const std::string& web_socket_url);

  // To the client at the other end of a bridge channel; a handle that is gone is ignored.
  void send(conference::WebSocketHandle handle, std::string text);
  void close(conference::WebSocketHandle handle, std::uint16_t code);

private:
  class Channel;
  void on_upgrade(const net::HttpRequest& request, net::UpgradeResponder responder);
  void take(const ChannelTarget& target, std::unique_ptr<net::WebSocket> socket);
  void forget(conference::WebSocketHandle handle);

  net::Reactor& reactor_;
  std::vector<shard::Shard*> shards_;
  std::string prefix_;
  std::unordered_map<conference::WebSocketHandle, std::unique_ptr<Channel>> channels_;
  std::uint64_t last_handle_ = 0;
  std::unique_ptr<net::HttpServer> server_;
};

}  // namespace cloister::videobridge::signalling
