#include "forward/floor.h"
#include "forward/gcm.h"
#include "forward/load.h"
#include "forward/measure.h"
#include "forward/runs.h"
#include "support/call/colibri_requests.h"
#include "support/call/vp8_stream.h"

namespace cloister::bench {
namespace {

class FloorSender final : public LoadParticipant {
public:
  FloorSender(Load& load, std::uint32_t room)
      : LoadParticipant(load), gcm_(room), stream_(Ssrc{room}, support::kVp8, 1280, 720, {}, transport_) {}

  void send_to(const SocketAddress& floor) { floor_ = floor; }

  void send_frame(TimePoint now) override {
    timestamp_ += 90000 / Scene::kFramesPerSecond;
    const support::Vp8Frame frame{
        .timestamp = timestamp_, .packets = Scene::kPacketsPerFrame, .packet_bytes = Scene::kPacketBytes};
    stream_.write(frame, [this, now](Bytes packet) {
      std::ranges::copy(packet, buffer_.begin());
      load::write_mark(std::span(buffer_).first(packet.size()), now);
      const net::Datagram datagram{floor_, std::span(buffer_).first(gcm_.protect(buffer_, packet.size()))};
      port().send({&datagram, 1});
      sent_.add();
    });
  }

private:
  void on_datagrams(std::span<net::Arrival>, TimePoint) override {}

  Gcm gcm_;
  support::TransportSequence transport_;
  support::Vp8Stream stream_;
  SocketAddress floor_;
  std::uint32_t timestamp_ = 0;
  std::array<std::byte, 1500> buffer_{};
};

class FloorReceiver final : public LoadParticipant {
public:
  FloorReceiver(Load& load, std::uint32_t number) : LoadParticipant(load), gcm_(kFirstReceiver + number) {}

private:
  void on_datagrams(std::span<net::Arrival> batch, TimePoint arrived) override {
    for (net::Arrival& arrival : batch)
      if (gcm_.unprotect(arrival.packet.bytes()) == Scene::kPacketBytes)
        on_media(arrival.packet.bytes().first(Scene::kPacketBytes), arrival.came, arrived);
  }

  Gcm gcm_;
};

}  // namespace

Outcome run_floor(const Scene& scene, const Places& places) {
  Load load(places.load);
  std::vector<FloorSender*> floor_senders;
  std::vector<LoadParticipant*> senders;
  std::vector<LoadParticipant*> receivers;
  std::vector<SocketAddress> addresses;
  load.call([&] {
    for (std::uint32_t room = 0; room < scene.rooms; ++room)
      senders.push_back(floor_senders.emplace_back(&load.add<FloorSender>(room)));
    for (std::uint32_t number = 0; number < scene.rooms * scene.receivers; ++number) {
      receivers.push_back(&load.add<FloorReceiver>(number));
      addresses.push_back(receivers.back()->address());
    }
  });
  const Floor floor(scene, SocketAddress::parse(places.bridge.ip, 0).value(), addresses);
  load.call([&] {
    for (FloorSender* sender : floor_senders) sender->send_to(floor.address());
    load.start(senders);
  });
  return measure(load, places.measured, thread_named("floor"), senders, receivers);
}

}  // namespace cloister::bench
