#include "videobridge/transport/channel/data_channel.h"

#include <algorithm>
#include <array>

#include "videobridge/transport/channel/dcep.h"

namespace cloister::videobridge::transport {
namespace {

constexpr std::uint16_t kOurStream = 0;
constexpr std::string_view kLabel = "JVB data channel";
constexpr std::string_view kProtocol = "http://jitsi.org/protocols/colibri";

}  // namespace

DataChannel::DataChannel(Opener opener, Port& port, Drops& drops)
    : opener_(opener), port_(port), drops_(drops) {}

void DataChannel::on_wakeup(TimePoint now) {
  now_ = now;
  association_.step(now);
  empty_mailbox(now);
}

void DataChannel::on_packet(Bytes packet, TimePoint now) {
  now_ = now;
  association_.step(now);
  association_.on_packet(packet);
  empty_mailbox(now);
}

// Packets first: the answer to what the peer sent need not wait for what a message leads to.
void DataChannel::empty_mailbox(TimePoint now) {
  const SctpAssociation::Mail mail = association_.take_mail();
  for (const auto& packet : mail.packets) port_.send_sctp(packet);
  if (closed_) return;
  for (const auto& message : mail.messages) on_message(message, now);
  const bool reset = stream_ && std::ranges::find(mail.reset_streams, *stream_) != mail.reset_streams.end();
  if (reset || association_.state() == SctpAssociation::State::closed) {
    closed_ = true;
    open_ = false;
    return port_.on_channel_closed(now);
  }
  if (opener_ == Opener::us && !asked_ && association_.state() == SctpAssociation::State::open) send_open();
  flush_queue();
}

void DataChannel::on_message(const SctpAssociation::Message& message, TimePoint now) {
  if (message.too_long) return drops_.add(Drop::channel_too_long);
  if (message.ppid == ppid::kDcep) return on_dcep(message, now);
  if (message.stream != stream_) return drops_.add(Drop::channel_refused);
  switch (message.ppid) {
    case ppid::kText: return port_.on_channel_message(message.data, now);
    case ppid::kEmptyText:
      return port_.on_channel_message({}, now);  // its one byte is filler (RFC 8831 §6.6)
    default: return drops_.add(Drop::channel_refused);
  }
}

void DataChannel::on_dcep(const SctpAssociation::Message& message, TimePoint now) {
  const auto dcep = parse_dcep(as_bytes(message.data));
  if (!dcep) return drops_.add(Drop::channel_malformed);
  if (dcep->type == DcepType::ack) {
    if (opener_ != Opener::us || open_ || message.stream != stream_)
      return drops_.add(Drop::channel_malformed);
  } else {
    if (stream_) return drops_.add(Drop::channel_refused);  // one channel; further ones get no answer
    std::array<std::byte, 1> ack;
    association_.send(message.stream, ppid::kDcep, std::span(ack).first(write_dcep_ack(ack)));
    stream_ = message.stream;
  }
  open_ = true;
  port_.on_channel_open(now);
}

void DataChannel::send_open() {
  std::array<std::byte, 128> open;
  const std::size_t length = write_dcep_open(open, kLabel, kProtocol);
  asked_ = association_.send(kOurStream, ppid::kDcep, std::span(open).first(length));
  stream_ = kOurStream;
}

bool DataChannel::refuse(Drop reason) {
  drops_.add(reason);
  return false;
}

bool DataChannel::send(std::string_view text) {
  if (!open_) return false;
  if (text.size() > SctpAssociation::kMaxMessage) return refuse(Drop::channel_too_long);
  if (queued_bytes_ + text.size() > kMaxQueued) return refuse(Drop::channel_full);
  queued_bytes_ += text.size();
  queue_.emplace_back(text);
  flush_queue();
  return true;
}

void DataChannel::flush_queue() {
  while (open_ && !queue_.empty()) {
    const std::string& text = queue_.front();
    const bool taken =
        text.empty() ? association_.send(*stream_, ppid::kEmptyText, as_bytes(std::string_view("\0", 1)))
                     : association_.send(*stream_, ppid::kText, as_bytes(text));
    if (!taken) break;
    queued_bytes_ -= text.size();
    queue_.pop_front();
  }
  send_packets();
}

// What sending produced. Messages cannot have come meanwhile, but for timers of another shard: those wait for
// the next turn.
void DataChannel::send_packets() {
  for (const auto& packet : association_.take_packets()) port_.send_sctp(packet);
}

std::optional<TimePoint> DataChannel::next_wakeup() const {
  if (closed_ || !association_.is_waiting()) return std::nullopt;
  return now_ + SctpAssociation::kTick;
}

}  // namespace cloister::videobridge::transport
