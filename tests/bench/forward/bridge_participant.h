// A participant of the real bridge: our own transport in the client's role, with the reports a browser sends.
#pragma once

#include <array>

#include "forward/load.h"
#include "support/call/colibri_requests.h"
#include "support/call/vp8_stream.h"
#include "videobridge/transport/transport.h"
#include "wire/transport_cc.h"

namespace cloister::bench {

class BridgeParticipant final : public LoadParticipant, videobridge::transport::Transport::Listener {
public:
  BridgeParticipant(Load& load, const support::Participant& as);

  const videobridge::transport::LocalDescription& local() const { return transport_.local(); }
  void set_bridge(const xmpp::IceUdpTransport& bridge);
  void set_remote(const videobridge::transport::RemoteDescription& remote);

  // Frames of all sizes, split as libwebrtc does it: into packets that differ by a byte.
  void send_uneven() { uneven_ = true; }
  void send_frame(TimePoint now) override;
  void tick(TimePoint now) override;

private:
  void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override;
  void on_rtp(net::Packet packet, TimePoint arrived) override;
  void on_rtcp(MutableBytes compound, TimePoint arrived) override;
  void on_secure(TimePoint now) override;
  void on_channel_open(TimePoint) override {}
  void on_channel_message(std::string_view, TimePoint) override {}
  void on_channel_closed(TimePoint) override {}
  void on_transport_failed(videobridge::transport::TransportFailure, TimePoint) override {}

  void send_rtcp(const std::function<void(ByteWriter&)>& write);
  void send_receiver_report();
  void send_transport_feedback();

  const support::Extensions extensions_;
  net::Outbox outbox_;
  videobridge::transport::Drops drops_;
  videobridge::transport::Transport transport_;
  support::TransportSequence transport_sequence_;
  std::optional<support::Vp8Stream> video_;
  std::uint32_t timestamp_ = 0;
  bool key_frame_wanted_ = true;
  bool uneven_ = false;
  std::size_t frames_ = 0;

  // As a receiver.
  TimePoint came_{};  // when the kernel had the datagram at hand
  Ssrc watched_{};
  std::uint32_t highest_sequence_ = 0;
  std::vector<wire::ArrivedPacket> arrived_;
  std::uint8_t feedback_count_ = 0;
  TimePoint next_report_{};
  TimePoint next_feedback_{};
};

}  // namespace cloister::bench
