// The bridge channel as a WebRTC data channel (RFC 8831, protocol/bridge.md §8.3): one reliable, ordered
// channel of text messages. SCTP packets in and out; the owner wraps them into DTLS. Shard thread only.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "videobridge/transport/channel/sctp_association.h"
#include "videobridge/transport/model/drop.h"

namespace cloister::videobridge::transport {

class DataChannel {
public:
  struct Port {
    virtual ~Port() = default;
    virtual void send_sctp(Bytes packet) = 0;
    virtual void on_channel_open(TimePoint now) = 0;
    virtual void on_channel_message(std::string_view text, TimePoint now) = 0;
    virtual void on_channel_closed(TimePoint now) = 0;
  };
  enum class Opener : bool { peer, us };

  static constexpr std::size_t kMaxQueued = std::size_t{1024} * 1024;  // bytes of our own messages that wait

  // `opener` sends the OPEN: the browser, against a bridge.
  DataChannel(Opener opener, Port& port, Drops& drops);

  // After construction and whenever next_wakeup() is due.
  void on_wakeup(TimePoint now);
  void on_packet(Bytes packet, TimePoint now);
  // False when the channel is not open, the message over SctpAssociation::kMaxMessage or too much is waiting;
  // it is gone then.
  bool send(std::string_view text);

  bool is_open() const { return open_; }
  std::optional<TimePoint> next_wakeup() const;

private:
  void empty_mailbox(TimePoint now);
  void on_message(const SctpAssociation::Message& message, TimePoint now);
  void on_dcep(const SctpAssociation::Message& message, TimePoint now);
  bool refuse(Drop reason);
  void send_open();
  void send_packets();
  void flush_queue();

  Opener opener_;
  Port& port_;
  Drops& drops_;
  SctpAssociation association_;
  TimePoint now_{};  // of the last call that knew
  bool open_ = false;
  bool closed_ = false;
  bool asked_ = false;                   // we sent our OPEN
  std::optional<std::uint16_t> stream_;  // of the one channel
  std::deque<std::string> queue_;
  std::size_t queued_bytes_ = 0;
};

}  // namespace cloister::videobridge::transport
