#include "forward/bridge.h"

#include "base/assert.h"

namespace cloister::bench {

using videobridge::shard::ModifyResult;
using videobridge::shard::Shard;

Bridge::Bridge(const Place& place) {
  move_to(place);
  videobridge::shard::ShardSettings settings;
  settings.udp.addresses = {SocketAddress::parse(place.ip, 0).value()};
  settings.candidates.include_loopback = true;
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

}  // namespace cloister::bench
