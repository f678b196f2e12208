// A participant that sends whatever it likes, and another that is sent what comes of it. Input: datagrams,
// each behind its length in two bytes and the milliseconds since the one before in one.
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "videobridge/media/incoming/incoming_media.h"
#include "videobridge/media/outgoing/outgoing_media.h"
#include "wire/demux.h"

namespace {

using namespace cloister;
using namespace cloister::videobridge::media;

struct Void final : PacketPort {
  MutableBytes reserve() override { return room; }
  void commit_rtp(std::size_t) override {}
  void commit_rtcp(std::size_t) override {}
  std::array<std::byte, 1500> room{};
};

// The attacker is also its own receiver: what it reports about what it gets is handled, too.
class Call final : IncomingMedia::Sink, OutgoingMedia::Conference {
public:
  explicit Call(bool rewriting) : outgoing_({.ssrc_rewriting = rewriting, .audio_slots = 1}, port_, *this) {
    PayloadMap payloads;
    payloads.add({.id = 111, .codec = Codec::opus, .kind = MediaKind::audio, .clock_rate = 48000});
    PayloadFormat video{.id = 100, .codec = Codec::vp8, .kind = MediaKind::video, .clock_rate = 90000};
    video.nack = video.pli = video.transport_cc = true;
    payloads.add(video);
    for (const auto& [id, codec] : {
             std::pair{41,  Codec::av1 },
             std::pair{101, Codec::vp9 },
             std::pair{107, Codec::h264}
    }) {
      video.id = static_cast<std::uint8_t>(id);
      video.codec = codec;
      payloads.add(video);
    }
    PayloadFormat rtx{.id = 96, .codec = Codec::rtx, .kind = MediaKind::video, .clock_rate = 90000};
    rtx.retransmits = 100;
    payloads.add(rtx);
    ExtensionMap extensions;
    extensions.add(1, ExtensionKind::audio_level);
    extensions.add(5, ExtensionKind::transport_cc);
    extensions.add(11, ExtensionKind::dependency_descriptor);
    extensions.allow_mixed();
    PayloadMap with_red = payloads;  // which the receiver does without
    with_red.add({.id = 112, .codec = Codec::red, .kind = MediaKind::audio, .clock_rate = 48000});
    incoming_.set_payload_types(with_red);
    incoming_.set_extensions(extensions);
    outgoing_.set_payload_types(payloads);
    outgoing_.set_extensions(extensions);
    SourceDescription camera{.name = SourceName("a-v0"), .kind = MediaKind::video};
    for (std::uint32_t i = 1; i <= 3; ++i) camera.encodings.push_back({Ssrc{i}, Ssrc{10 + i}});
    SourceDescription microphone{.name = SourceName("a-a0"), .kind = MediaKind::audio};
    microphone.encodings.push_back({Ssrc{50}});
    incoming_.set_sources(std::vector{camera, microphone});
    for (const auto& source : incoming_.sources()) outgoing_.add_source(*source, now_);
    const std::array slots{static_cast<const Source*>(incoming_.sources()[0].get())};
    outgoing_.set_video_slots(slots, now_);
    outgoing_.set_target(*slots[0], Layer{.encoding = 1, .temporal = 1});
    now_ += 1s;
  }
  ~Call() override {
    for (const auto& source : incoming_.sources()) outgoing_.remove_source(*source);
  }

  void give(Bytes datagram, Duration since) {
    now_ += since;
    if (wire::classify(datagram) == wire::PacketKind::rtcp) {
      incoming_.on_rtcp(datagram, now_, *this);
    } else {
      net::Packet packet = pool_.acquire();
      packet.resize(datagram.size());
      if (!datagram.empty()) std::memcpy(packet.bytes().data(), datagram.data(), datagram.size());
      incoming_.on_rtp(std::move(packet), now_, *this);
    }
    if (const auto due = incoming_.next_wakeup(); due && *due <= now_) incoming_.on_wakeup(now_, *this);
    if (const auto due = outgoing_.next_wakeup(); due && *due <= now_) outgoing_.on_wakeup(now_);
  }

private:
  void on_media(const ParsedPacket& packet) override { outgoing_.forward(packet, now_); }
  void on_audio_level(Source&, AudioLevel, TimePoint) override {}
  bool is_heard(const Source&, std::optional<AudioLevel>, TimePoint) override { return true; }
  void on_layers_changed(Source&) override {}
  void on_sender_report(Source& source, std::uint8_t encoding, const wire::SenderReport& report) override {
    outgoing_.on_sender_report(source, encoding, report, now_);
  }
  void on_nack(const wire::Nack& nack) override { outgoing_.on_nack(nack, now_); }
  void on_key_frame_request(Ssrc media) override { outgoing_.on_key_frame_request(media, now_); }
  void on_report_block(const wire::ReportBlock& block) override { outgoing_.on_report_block(block, now_); }
  void on_transport_cc(const wire::TransportCc& feedback) override {
    outgoing_.on_transport_cc(feedback, now_);
  }
  void on_remb(const wire::Remb&) override {}
  bool request_key_frame(const Source& source, std::uint8_t encoding, TimePoint now) override {
    return incoming_.request_key_frame(source, encoding, now);
  }
  void on_slots_changed(MediaKind, std::span<const SlotMapping>) override {}

  net::PacketPool pool_;
  SourceIds ids_;
  Void port_;
  TimePoint now_{1000s};
  IncomingMedia incoming_{{.local_ssrc = Ssrc{99}}, EndpointId("a"), ids_, port_};
  OutgoingMedia outgoing_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader in(std::as_bytes(std::span(data, size)));
  Call call(size > 0 && data[size - 1] % 2 == 0);
  while (in.left() >= 3) {
    const std::size_t length = in.u16() % 1500U;
    const auto since = std::chrono::milliseconds(in.u8());
    call.give(in.take(std::min(length, in.left())), since);
  }
  return 0;
}
