// The bridge channel over a WebSocket, for participants without a data channel (client.md §11).
#pragma once

#include "net/web_client.h"

namespace cloister::load {

struct ChannelListener {
  virtual ~ChannelListener() = default;
  virtual void on_channel_open() = 0;
  virtual void on_channel_message(std::string_view text) = 0;
  virtual void on_channel_lost() = 0;
};

class ChannelSocket final : net::WebClient::Listener {
public:
  ChannelSocket(net::Reactor& reactor, const net::Trust& trust, const net::WebAddress& address,
                ChannelListener& listener)
      : listener_(listener), web_(reactor, trust) {
    web_.open(address, "", *this);
  }
  void send(std::string_view text) { web_.send_text(std::string(text)); }

private:
  void on_open() override { listener_.on_channel_open(); }
  void on_text(std::string_view text) override { listener_.on_channel_message(text); }
  void on_failed(net::WebFailure) override { listener_.on_channel_lost(); }

  ChannelListener& listener_;
  net::WebClient web_;
};

}  // namespace cloister::load
