#include "forward/bridge.h"

#include "base/assert.h"
#include "support/call/colibri_requests.h"

namespace cloister::bench {

using videobridge::shard::ModifyResult;
using videobridge::shard::Shard;

Bridge::Bridge(const Place& place, const BridgeSettings& bridge) {
  move_to(place);
  videobridge::shard::ShardSettings settings;
  settings.udp.addresses = {SocketAddress::parse(place.ip, 0).value()};
  settings.candidates.include_loopback = true;
  settings.conference.web_socket_url = "wss://bridge.test/colibri-ws";
  settings.conference.loudest = bridge.loudest;
  settings.conference.equal_sizes = bridge.equal_sizes;
  auto shard = Shard::start(settings, reactor_, *this);
  ASSERT(shard);
  shard_ = std::move(*shard);
}

xmpp::colibri2::ConferenceModified Bridge::ask(const xmpp::colibri2::ConferenceModify& request) {
  std::optional<ModifyResult> answer;
  shard_->modify(request, [&](ModifyResult result) {
    answer = std::move(result);
    reactor_.stop();
  });
  reactor_.run();
  ASSERT(answer && *answer);
  return std::move(**answer);
}

void Bridge::tell(const std::string& channel_url, const std::string& message) {
  const auto address = support::channel_address(channel_url);
  ASSERT(address);
  const videobridge::conference::WebSocketHandle handle{++channels_};
  shard_->open_web_socket({.conference = std::string(address->conference),
                           .endpoint = Personal<std::string>(std::string(address->endpoint)),
                           .password = Personal<std::string>(std::string(address->password))},
                          handle);
  shard_->receive_web_socket_text(handle, message);
}

}  // namespace cloister::bench
