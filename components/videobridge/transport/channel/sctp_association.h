// One SCTP association over DTLS (RFC 8261), by usrsctp.
//
// usrsctp is one engine per process: its timers and callbacks know no shards. So every call into it is made
// under one lock (it is off the packet path: a few messages a second per participant), its callbacks only
// fill the mailbox of the association they mean, and the association's own shard empties that mailbox. Time
// moves by whoever calls step(); an association that waits for something asks to be stepped every kTick. Each
// object belongs to one shard thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/clock.h"

namespace cloister::videobridge::transport {

class SctpAssociation {
public:
  static constexpr std::uint16_t kPort = 5000;
  static constexpr std::size_t kMaxMessage = std::size_t{256} * 1024;  // longer ones arrive cut and marked
  static constexpr Duration kTick = 20ms;

  enum class State : std::uint8_t { connecting, open, closed };

  struct Message {
    std::uint16_t stream = 0;
    std::uint32_t ppid = 0;
    std::string data;
    bool too_long = false;
  };
  // What happened inside since the last time; in this order to be acted on.
  struct Mail {
    std::vector<Message> messages;
    std::vector<std::vector<std::byte>> packets;  // to send
    std::vector<std::uint16_t> reset_streams;     // closed by the peer (RFC 6525)
  };

  // Sends INIT at once and accepts the peer's as well (RFC 9260 §5.2.1), so either side may be the one that
  // starts.
  SctpAssociation();
  // Aborts; the last packets can be taken before only.
  ~SctpAssociation();
  SctpAssociation(const SctpAssociation&) = delete;
  SctpAssociation& operator=(const SctpAssociation&) = delete;

  void on_packet(Bytes packet);
  // False when the send buffer is full; try again after something was acknowledged.
  bool send(std::uint16_t stream, std::uint32_t ppid, Bytes message);
  // Moves the engine's clock; all associations of the process may move.
  void step(TimePoint now);

  Mail take_mail();
  // The packets only.
  std::vector<std::vector<std::byte>> take_packets();
  State state() const { return state_; }
  // Something is under way that a timer may have to repeat.
  bool is_waiting() const { return state_ == State::connecting || unacknowledged_; }

private:
  struct Mailbox;
  friend struct SctpEngine;

  std::unique_ptr<Mailbox> mailbox_;  // guarded by the engine's lock
  State state_ = State::connecting;   // as of the last look into the mailbox
  bool unacknowledged_ = false;
};

}  // namespace cloister::videobridge::transport
