#include "videobridge/conference/channel/message_channel.h"

#include <utility>

#include "videobridge/conference/channel/channel_message.h"

namespace cloister::videobridge::conference {

MessageChannel::MessageChannel(transport::Transport& transport, WebSocketPort& web_sockets,
                               const ChannelLimits& limits, Counters& counters)
    : transport_(transport), web_sockets_(web_sockets), limits_(limits), counters_(counters) {}

void MessageChannel::on_web_socket_open(WebSocketHandle handle) {
  if (web_socket_) web_sockets_.close_web_socket(*web_socket_, kCloseReplaced);
  web_socket_ = handle;
  prefer(Kind::web_socket);
  send(write_server_hello());
}

void MessageChannel::on_web_socket_closed(WebSocketHandle handle) {
  if (web_socket_ == handle) web_socket_.reset();
}

bool MessageChannel::on_received(Kind kind, std::size_t bytes, TimePoint now) {
  prefer(kind);
  (kind == Kind::data_channel ? counters_.data_channel_messages_received
                              : counters_.colibri_web_socket_messages_received)
      .add();
  return messages_.take(1, limits_.message_burst, limits_.messages_per_second, now) &&
         bytes_.take(static_cast<double>(bytes), limits_.byte_burst, limits_.bytes_per_second, now);
}

bool MessageChannel::is_open() const { return is_open(Kind::data_channel) || is_open(Kind::web_socket); }

bool MessageChannel::is_open(Kind kind) const {
  return kind == Kind::web_socket ? web_socket_.has_value() : transport_.is_channel_open();
}

void MessageChannel::send(std::string text) {
  const Kind other = preferred_ == Kind::web_socket ? Kind::data_channel : Kind::web_socket;
  const Kind kind = is_open(preferred_) ? preferred_ : other;
  if (!is_open(kind)) return;
  if (kind == Kind::web_socket) {
    counters_.colibri_web_socket_messages_sent.add();
    web_sockets_.send_web_socket_text(*web_socket_, std::move(text));
  } else if (transport_.send_channel_message(text)) {
    counters_.data_channel_messages_sent.add();
  }
}

void MessageChannel::close() {
  if (web_socket_) web_sockets_.close_web_socket(*web_socket_, kCloseExpired);
  web_socket_.reset();
}

}  // namespace cloister::videobridge::conference
