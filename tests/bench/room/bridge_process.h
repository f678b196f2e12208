// A real shard in a process of its own, so that its memory and its processor time are nobody else's. Asked as
// the focus asks, by Colibri2 in XML over a socket pair.
#pragma once

#include <sys/types.h>

#include <string>
#include <string_view>

#include "forward/place.h"
#include "xmpp/colibri2.h"

namespace cloister::bench {

class BridgeProcess {
public:
  // Forks: to be made before this process has threads.
  explicit BridgeProcess(const Place& place, std::size_t loudest);
  ~BridgeProcess();
  BridgeProcess(const BridgeProcess&) = delete;
  BridgeProcess& operator=(const BridgeProcess&) = delete;

  pid_t pid() const { return pid_; }
  // As Bridge has them.
  xmpp::colibri2::ConferenceModified ask(const xmpp::colibri2::ConferenceModify& request);
  void tell(const std::string& channel_url, const std::string& message);

private:
  std::string exchange(char kind, std::string_view text);

  int socket_ = -1;
  pid_t pid_ = -1;
};

}  // namespace cloister::bench
