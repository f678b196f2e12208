// The bridge of a run: one real shard with its thread and port, asked as the focus would ask.
#pragma once

#include <memory>

#include "forward/place.h"
#include "net/reactor.h"
#include "videobridge/shard/shard.h"

namespace cloister::bench {

struct BridgeSettings {
  std::size_t loudest = 0;  // voices that are forwarded; 0: all
  bool equal_sizes = true;
};

// Belongs to the thread that makes it, which it moves to `place`.
class Bridge : videobridge::shard::Shard::Listener {
public:
  Bridge(const Place& place, const BridgeSettings& bridge);
  // Ends the program when the bridge refuses: then there is nothing to measure.
  xmpp::colibri2::ConferenceModified ask(const xmpp::colibri2::ConferenceModify& request);
  // What the endpoint says on its bridge channel, a WebSocket with this URL.
  void tell(const std::string& channel_url, const std::string& message);
  // Takes what the shard has to say to the main thread, as the real one does all the time.
  void poll() { reactor_.poll(); }
  const videobridge::shard::Shard& shard() const { return *shard_; }

private:
  void send_web_socket_text(videobridge::conference::WebSocketHandle, std::string) override {}
  void close_web_socket(videobridge::conference::WebSocketHandle, std::uint16_t) override {}
  void on_conference_ended(const MeetingId&) override {}

  net::Reactor reactor_;
  std::unique_ptr<videobridge::shard::Shard> shard_;
  std::uint64_t channels_ = 0;
};

}  // namespace cloister::bench
