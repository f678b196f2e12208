// Media of one batch on its way from the senders to those that are sent it. It waits for the end of the batch
// and then leaves receiver by receiver, so that each one's packets stand together in the outbox and go out as
// one train (docs/ARCHITECTURE.md, a packet's way). A packet costs by its receivers, not by the size of the
// conference. Shard thread; owned by the conference.
#pragma once

#include <span>
#include <vector>

#include "videobridge/conference/endpoint.h"

namespace cloister::videobridge::conference {

class FanOut {
public:
  FanOut();

  // Who is handed the packets of a source: once each. Nobody at the beginning.
  void set_forwarding(Endpoint& receiver, const media::Source& source, bool forwards);
  // Nothing may be pending for it.
  void forget(const Endpoint& receiver);

  void add(const media::ParsedPacket& packet);
  void add(const media::Source& source, std::uint8_t encoding, const wire::SenderReport& report);
  bool empty() const { return packets_.empty() && reports_.empty(); }
  // What waits: relays take it whole (relay/relay_sender.h).
  std::span<const media::ParsedPacket> packets() const { return packets_; }
  template <class Visit>
  void for_each_report(Visit&& visit) const {
    for (const PendingReport& report : reports_) visit(*report.source, report.encoding, report.report);
  }
  // Calls port.on_touched() for every receiver who may have to be woken for it: audio leaves at once.
  void flush(Endpoint::Port& port, TimePoint now);

private:
  struct PendingReport {
    const media::Source* source;
    std::uint8_t encoding;
    wire::SenderReport report;
  };
  // One thing to send, and the next one of the same receiver.
  struct Link {
    std::uint32_t item;  // a packet's index, or a report's behind all packets
    std::uint32_t next;
  };

  // Video is kept for retransmission, and may have to wait.
  enum class Left : bool { at_once, with_a_trace };

  void enqueue(const media::Source& source, std::uint32_t item);
  Left serve(Endpoint& receiver, TimePoint now);

  std::vector<std::vector<Endpoint*>> receivers_;  // by SourceId
  std::vector<media::ParsedPacket> packets_;
  std::vector<PendingReport> reports_;
  // Of the flush at hand.
  std::vector<Link> links_;
  std::vector<Endpoint*> served_;
};

}  // namespace cloister::videobridge::conference
