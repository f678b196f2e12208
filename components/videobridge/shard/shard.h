// One media thread with its UDP port and its conferences. This header is all that crosses between the main
// thread and a shard: methods of Shard (main → shard), Listener and the `done` callbacks (shard → main). Only
// values cross, posted; nothing is shared but counters.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "net/reactor.h"
#include "net/udp_port.h"
#include "videobridge/conference/environment/shard_environment.h"
#include "videobridge/transport/ice/candidates.h"
#include "xmpp/colibri2.h"
#include "xmpp/stanza_error.h"

namespace cloister::videobridge::shard {

struct ShardSettings {
  std::size_t index = 0;  // names the thread, "shard-0"
  net::UdpPortSettings udp;
  transport::CandidateSettings candidates;
  conference::ConferenceSettings conference;
};

// Anonymous totals of one shard; any thread may read them.
struct ShardCounters {
  conference::Counters conference;
  transport::Drops transport_drops;
};

// The parts of a bridge channel's URL.
struct ChannelRequest {
  std::string conference;
  Personal<std::string> endpoint;
  Personal<std::string> password;
};

using ModifyResult = Result<xmpp::colibri2::ConferenceModified, xmpp::StanzaError>;

class Shard {
public:
  // Calls come on the main thread.
  struct Listener {
    virtual ~Listener() = default;
    virtual void send_web_socket_text(conference::WebSocketHandle handle, std::string text) = 0;
    virtual void close_web_socket(conference::WebSocketHandle handle, std::uint16_t code) = 0;
    virtual void on_conference_ended(const MeetingId& meeting) = 0;
  };

  // Opens the port and starts the thread. `main` and `listener` outlive the shard.
  static Result<std::unique_ptr<Shard>, SystemError> start(const ShardSettings& settings, net::Reactor& main,
                                                           Listener& listener);
  ~Shard();  // ends the conferences and joins the thread
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  // Requests are done in the order of the calls; `done` is called on the main thread, once. When the shard is
  // too far behind, the answer is an error at once.
  void modify(xmpp::colibri2::ConferenceModify request, const std::function<void(ModifyResult)>& done);
  void refuse_new_conferences();
  // For calls from now on, and as far as that is possible for those that go on.
  void configure(conference::ConferenceSettings settings, transport::CandidateSettings candidates);
  // lastN that overload leaves (LoadReducer); bandwidth::kUnlimited: none.
  void limit_last_n(int last_n);
  // `done` is called once the thread has got to it.
  void ping(const std::function<void()>& done);
  // Is there such a channel, and is the password right?
  void check_channel(ChannelRequest request, const std::function<void(bool)>& done);
  void open_web_socket(ChannelRequest request, conference::WebSocketHandle handle);
  void receive_web_socket_text(conference::WebSocketHandle handle, std::string text);
  void forget_web_socket(conference::WebSocketHandle handle);

  const ShardCounters& counters() const;
  const net::UdpCounters& udp_counters() const;
  std::uint16_t port() const;
  // Of the kernel, for processor_times(); 0 while the thread is starting.
  pid_t thread() const;

private:
  class Impl;
  explicit Shard(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace cloister::videobridge::shard
