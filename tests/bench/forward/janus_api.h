// What the benchmark says to Janus: its HTTP interface (janus.conf.meetecho.com/docs/rest.html) and the video
// room's requests, from a thread that may wait.
#pragma once

#include <boost/json.hpp>
#include <string>

#include "base/socket_address.h"

namespace cloister::bench {

// One session with one handle of the video room plugin. Ends the program when Janus refuses: then there is
// nothing to compare with.
class JanusHandle {
public:
  explicit JanusHandle(const SocketAddress& janus);

  // Sends a request and waits for what it brings: the event's SDP where `jsep` is wanted, else nothing.
  enum class Brings : std::uint8_t { answer, event, sdp };
  std::string request(boost::json::object body, Brings brings, boost::json::object jsep = {});
  // Returns when ICE and DTLS are done: before, nobody can subscribe.
  void wait_until_up();

private:
  boost::json::object post(const std::string& path, const boost::json::object& message);
  std::string wait_for(Brings brings);

  SocketAddress janus_;
  std::string session_;  // path
  std::string handle_;   // path
};

}  // namespace cloister::bench
