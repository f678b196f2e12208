// Media of one batch on its way from the senders to everybody else. It waits for the end of the batch and
// then leaves receiver by receiver, so that each one's packets stand together in the outbox and go out as one
// train (docs/ARCHITECTURE.md, a packet's way). Shard thread; owned by the conference.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "videobridge/conference/endpoint.h"

namespace cloister::videobridge::conference {

class FanOut {
public:
  FanOut();

  void add(Endpoint& sender, const media::ParsedPacket& packet);
  void add(Endpoint& sender, const media::Source& source, std::uint8_t encoding,
           const wire::SenderReport& report);
  bool empty() const { return packets_.empty() && reports_.empty(); }
  // Calls port.on_touched() for every receiver that was served.
  void flush(std::span<const std::unique_ptr<Endpoint>> receivers, Endpoint::Port& port, TimePoint now);

private:
  struct PendingPacket {
    Endpoint* sender;
    media::ParsedPacket packet;
  };
  struct PendingReport {
    Endpoint* sender;
    const media::Source* source;
    std::uint8_t encoding;
    wire::SenderReport report;
  };
  void serve(Endpoint& receiver, TimePoint now);

  std::vector<PendingPacket> packets_;
  std::vector<PendingReport> reports_;
};

}  // namespace cloister::videobridge::conference
