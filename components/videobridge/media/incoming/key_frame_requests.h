// Key-frame requests to the sender of one endpoint's sources: how often, and in which form
// (protocol/bridge.md §5.6).
#pragma once

#include <cstdint>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "videobridge/media/model/packet_port.h"
#include "videobridge/media/model/source.h"

namespace cloister::videobridge::media {

enum class KeyFrameMessage : std::uint8_t { pli, fir };

class KeyFrameRequests {
public:
  static constexpr Duration kMinInterval = 200ms;  // per source, over all receivers

  explicit KeyFrameRequests(Ssrc local_ssrc) : local_ssrc_(local_ssrc) {}

  void set_message(KeyFrameMessage message) { message_ = message; }
  // Returns whether a request went out.
  bool request(const Source& source, Ssrc media, TimePoint now, PacketPort& port);
  void forget(const Source& source);

private:
  struct State {
    SourceId source{};
    TimePoint last;
    std::uint8_t fir_command = 0;  // grows with each new request (RFC 5104 §4.3.1.1)
  };

  Ssrc local_ssrc_;
  KeyFrameMessage message_ = KeyFrameMessage::pli;
  std::vector<State> states_;
};

}  // namespace cloister::videobridge::media
