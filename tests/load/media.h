// A participant's media without a browser: our transport in the client's role on a socket of its own, a
// camera and a microphone that need no pictures and no sound, and the reports that a receiver owes. Knows no
// signalling: whoever owns it passes descriptions on. One thread.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "load/channel_socket.h"
#include "load/reception.h"
#include "net/udp_port.h"
#include "support/call/colibri_requests.h"
#include "videobridge/transport/transport.h"
#include "wire/transport_cc.h"
#include "world/camera.h"
#include "world/microphone.h"

namespace cloister::load {

// What the participants of one thread share.
struct Ground {
  net::Reactor& reactor;
  net::PacketPool& pool;
  std::shared_ptr<const videobridge::transport::Certificate> certificate;
  SocketAddress ip;  // of all sockets; port ignored
};

struct MediaSettings {
  std::optional<Ssrc> audio{};                          // to send
  std::vector<support::Participant::Encoding> video{};  // to send, low → high
  support::Extensions extensions{};                     // ids as offered
  videobridge::transport::ExtensionIds encrypted_extensions{};
  bool data_channel = true;
};

class Media final : net::UdpPort::Receiver, videobridge::transport::Transport::Listener {
public:
  struct Listener : ChannelListener {
    virtual void on_media_connected() = 0;
    virtual void on_media_failed(videobridge::transport::TransportFailure why) = 0;
  };

  // Nothing when there is no socket to be had.
  static Result<std::unique_ptr<Media>, SystemError> make(const Ground& ground, MediaSettings settings,
                                                          Listener& listener);
  ~Media() override;

  const videobridge::transport::LocalDescription& local() const { return transport_.local(); }
  void set_remote(const videobridge::transport::RemoteDescription& remote, TimePoint now);
  bool is_connected() const { return transport_.is_secure(); }
  // Where its packets go; unspecified while there is no path.
  SocketAddress bridge_address() const { return transport_.selected_path().value_or(net::Path{}).remote; }
  bool send_channel_message(std::string_view text);
  // SenderSourceConstraints.
  void limit_height(int height);

  Reception& reception() { return reception_; }
  // Often: it sends what is due.
  void tick(TimePoint now);

private:
  Media(const Ground& ground, std::unique_ptr<net::UdpPort> port, MediaSettings settings, Listener& listener);

  void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override;
  void on_rtp(net::Packet packet, TimePoint arrived) override;
  void on_rtcp(MutableBytes compound, TimePoint arrived) override;
  void on_secure(TimePoint now) override;
  void on_channel_open(TimePoint) override { listener_.on_channel_open(); }
  void on_channel_message(std::string_view message, TimePoint) override {
    listener_.on_channel_message(message);
  }
  void on_channel_closed(TimePoint) override { listener_.on_channel_lost(); }
  void on_transport_failed(videobridge::transport::TransportFailure why, TimePoint) override {
    listener_.on_media_failed(why);
  }

  void send_media(Bytes packet);
  template <class Write>
  void send_rtcp(Write write);
  void send_requests(TimePoint now);
  void send_feedback(TimePoint now);
  void send_reports(TimePoint now);

  const MediaSettings settings_;
  Listener& listener_;
  std::unique_ptr<net::UdpPort> port_;
  net::Outbox outbox_;
  videobridge::transport::Drops drops_;
  videobridge::transport::Transport transport_;

  support::TransportSequence transport_sequence_;
  std::optional<sim::Camera> camera_;
  std::optional<sim::Microphone> microphone_;
  int height_limit_ = 180;
  Ssrc reporter_{};

  Reception reception_;
  TimePoint came_{};                          // when the kernel had the datagram at hand
  std::vector<wire::ArrivedPacket> arrived_;  // in order of arrival, since the last feedback
  std::uint8_t feedback_count_ = 0;
  TimePoint next_requests_{};
  TimePoint next_feedback_{};
  TimePoint next_reports_{};
};

}  // namespace cloister::load
