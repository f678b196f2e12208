// A simulated participant: our transport in the client's role, a camera, a microphone, and views of the
// others.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "support/seeded_network.h"
#include "world/audio_view.h"
#include "world/camera.h"
#include "world/jingle_session.h"
#include "world/microphone.h"
#include "world/sim_focus.h"
#include "world/video_view.h"

namespace cloister::sim {

class Participant final : net::UdpPort::Receiver,
                          videobridge::transport::Transport::Listener,
                          SimBridge::Channel,
                          SimFocus::Client {
public:
  Participant(support::Participant as, support::SeededNetwork& network, SimBridge& bridge,
              const support::FakeClock& clock, const support::Link& link);
  ~Participant() override;

  const support::Participant& as() const { return as_; }
  SimFocus::Client& client() { return *this; }
  support::SeededNetwork::Host& host() { return host_; }

  void speaks();
  // While it speaks: −dBov, 127 silence.
  void set_level(std::uint8_t level) { microphone_->set_level(level); }
  void falls_silent() { microphone_.reset(); }
  void shows_camera(const Camera::Rates& rates = Camera::kModest);
  void hides_camera() { camera_.reset(); }
  // Of everybody's video; 360 at the beginning.
  void asks_for_height(int height);
  void send_message(std::string_view text);

  // Empty until the focus has told of the other's sources.
  VideoView& video_of(const Participant& other) { return views_of(other.as_.endpoint).video; }
  AudioView& audio_of(const Participant& other) { return views_of(other.as_.endpoint).audio; }
  const std::vector<std::string>& messages() const { return messages_; }
  bool is_connected() const { return transport_ && transport_->is_secure(); }
  // Packets that no signalled source explains.
  std::size_t strays() const { return strays_; }

  TimePoint next_wakeup() const;
  void on_wakeup();

private:
  struct Views {
    VideoView video;
    AudioView audio;
  };

  void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override;
  void on_rtp(net::Packet packet, TimePoint arrived) override;
  void on_rtcp(MutableBytes compound, TimePoint arrived) override;
  void on_secure(TimePoint now) override;
  void on_channel_open(TimePoint) override { greets_ = true; }
  void on_channel_message(std::string_view message, TimePoint) override { on_text(message); }
  void on_channel_closed(TimePoint) override {}
  void on_transport_failed(videobridge::transport::TransportFailure, TimePoint) override {}
  // SimFocus::Client
  const EndpointId& id() const override { return as_.endpoint; }
  bool uses_data_channel() const override { return as_.data_channel; }
  std::optional<xmpp::jingle::Jingle> on_jingle(const xmpp::jingle::Jingle& message) override;
  // SimBridge::Channel
  void on_text(std::string_view text) override;
  void on_closed() override { web_socket_.reset(); }

  xmpp::jingle::Jingle take_offer(const xmpp::jingle::Jingle& offer);
  void end_session();
  Views& views_of(const EndpointId& other);
  void watch(const std::map<EndpointId, OtherSources>& sources);
  void on_video(wire::RtpHeader header, TimePoint now);
  void send_rtp(Bytes packet);
  template <class Write>
  void send_rtcp(Write write);
  void send_requests(TimePoint now);
  void send_feedback();
  void send_reports(TimePoint now);

  const support::Participant as_;
  SimBridge& bridge_;
  const support::FakeClock& clock_;
  const support::Extensions extensions_;
  net::PacketPool pool_{512};
  support::SeededNetwork& network_;
  support::SeededNetwork::Host& host_;
  net::Outbox outbox_;
  videobridge::transport::Drops drops_;
  std::unique_ptr<videobridge::transport::Transport> transport_;  // while there is a session
  std::string channel_url_;
  std::optional<videobridge::conference::WebSocketHandle> web_socket_;
  std::vector<std::string> messages_;
  bool greets_ = false;  // at the next tick

  support::TransportSequence transport_sequence_;
  std::unique_ptr<Camera> camera_;
  std::unique_ptr<Microphone> microphone_;
  int camera_limit_ = 180;
  int wanted_height_ = 360;

  std::unordered_map<EndpointId, Views> views_;
  std::map<std::uint16_t, TimePoint> arrived_;  // by transport-wide number, since the last feedback
  std::uint8_t feedback_count_ = 0;
  TimePoint next_tick_;
  TimePoint next_feedback_;
  TimePoint next_report_;
  std::size_t strays_ = 0;
};

}  // namespace cloister::sim
