// The whole media path, from a sender's datagrams to those of a receiver: what holds whatever the network
// does, and that it costs no allocation.
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "support/allocations.h"
#include "unit/videobridge/media/media_support.h"

namespace cloister::videobridge::media {
namespace {

using test::Datagram;
using test::kStart;
using test::Received;

// One sender with three encodings, one receiver; what the conference does between them, in its simplest form.
class Call final : public IncomingMedia::Sink, public OutgoingMedia::Conference {
public:
  Call()
      : incoming_({.local_ssrc = Ssrc{99}}, EndpointId("a"), ids_, sender_port), outgoing_({}, port, *this) {
    incoming_.set_payload_types(test::usual_payloads());
    incoming_.set_extensions(test::usual_extensions());
    outgoing_.set_payload_types(test::usual_payloads());
    outgoing_.set_extensions(test::usual_extensions());
    SourceDescription camera{.name = SourceName("a-v0"), .kind = MediaKind::video};
    for (std::uint32_t i = 1; i <= 3; ++i) camera.encodings.push_back({Ssrc{i}, Ssrc{10 + i}});
    incoming_.set_sources(std::vector{camera});
    outgoing_.add_source(source(), kStart);
  }
  ~Call() override { outgoing_.remove_source(source()); }

  Source& source() { return *incoming_.sources()[0]; }
  void set_target(std::optional<Layer> target) { outgoing_.set_target(source(), target); }
  void give(Bytes datagram, TimePoint now) {
    net::Packet packet = pool_.acquire();
    packet.resize(datagram.size());
    std::ranges::copy(datagram, packet.bytes().begin());
    incoming_.on_rtp(std::move(packet), now, *this);
    if (const auto due = incoming_.next_wakeup(); due && *due <= now) incoming_.on_wakeup(now, *this);
    if (const auto due = outgoing_.next_wakeup(); due && *due <= now) outgoing_.on_wakeup(now);
  }
  bool take_key_frame_request() { return std::exchange(key_frame_asked_, false); }

  test::FakePort sender_port;
  test::FakePort port;

private:
  void on_media(const ParsedPacket& packet) override { outgoing_.forward(packet, packet.arrival); }
  void on_audio_level(Source&, AudioLevel, TimePoint) override {}
  bool is_heard(const Source&, std::optional<AudioLevel>, TimePoint) override { return true; }
  void on_layers_changed(Source&) override {}
  void on_sender_report(Source&, std::uint8_t, const wire::SenderReport&) override {}
  void on_nack(const wire::Nack&) override {}
  void on_key_frame_request(Ssrc) override {}
  void on_report_block(const wire::ReportBlock&) override {}
  void on_transport_cc(const wire::TransportCc&) override {}
  void on_remb(const wire::Remb&) override {}
  bool request_key_frame(const Source& from, std::uint8_t encoding, TimePoint now) override {
    key_frame_asked_ = incoming_.request_key_frame(from, encoding, now) || key_frame_asked_;
    return key_frame_asked_;
  }
  void on_slots_changed(MediaKind, std::span<const SlotMapping>) override {}

  net::PacketPool pool_;
  SourceIds ids_;
  bool key_frame_asked_ = false;
  IncomingMedia incoming_;
  OutgoingMedia outgoing_;
};

// The temporal pattern of libwebrtc's three layers.
constexpr test::Vp8Encoding::Frame kPattern[] = {
    {.temporal = 0},
    {.temporal = 2, .sync = true},
    {.temporal = 1,             .sync = true},
    {.temporal = 2}
};

// All that a decoder needs of the numbers, checked over the whole of what a receiver got.
class Checker {
public:
  void add(const Received& packet) {
    const std::int64_t sequence = sequences_.unwrap(packet.header.sequence);
    const auto [place, fresh] = by_sequence_.try_emplace(sequence, packet);
    ASSERT_TRUE(fresh) << "two packets under one number";
  }

  // In the order of sequence numbers everything else is in order too.
  void check() const {
    const Received* last = nullptr;
    for (const auto& [sequence, packet] : by_sequence_) {
      if (last != nullptr) check_pair(*last, packet);
      last = &packet;
    }
  }
  std::size_t packets() const { return by_sequence_.size(); }

private:
  static void check_pair(const Received& a, const Received& b) {
    const bool same_frame = a.encoding() == b.encoding() && a.frame() == b.frame();
    const auto pictures_ahead = static_cast<std::uint16_t>(*b.vp8->picture_id - *a.vp8->picture_id) & 0x7fff;
    const auto base_ahead = static_cast<std::uint8_t>(*b.vp8->tl0_picture_index - *a.vp8->tl0_picture_index);
    if (same_frame) {
      EXPECT_EQ(a.header.timestamp, b.header.timestamp);
      EXPECT_EQ(pictures_ahead, 0);
      EXPECT_LT(a.part(), b.part());
      return;
    }
    EXPECT_TRUE(is_newer(b.header.timestamp, a.header.timestamp));
    EXPECT_GT(pictures_ahead, 0);
    EXPECT_LT(pictures_ahead, 0x4000);
    EXPECT_LT(base_ahead, 0x80);
    if (a.encoding() != b.encoding()) {
      EXPECT_TRUE(b.vp8->key_frame) << "encodings change on the first packet of a key frame only";
      EXPECT_EQ(pictures_ahead, 1);
    }
  }

  SequenceUnwrapper sequences_;
  std::map<std::int64_t, Received> by_sequence_;
};

struct Network {
  int lost_percent = 0;
  int late_percent = 0;
};

// A minute of three encodings over a bad network, with targets changing at random.
std::size_t run(std::uint32_t seed, Network network) {
  std::mt19937 random(seed);
  const auto chance = [&](int percent) { return static_cast<int>(random() % 100) < percent; };
  Call call;
  std::array<test::Vp8Encoding, 3> encodings;
  for (std::uint8_t i = 0; i < encodings.size(); ++i)
    encodings[i] = {.ssrc = Ssrc{i + 1U},
                    .index = i,
                    .sequence = static_cast<std::uint16_t>(random()),
                    .timestamp = static_cast<std::uint32_t>(random()),
                    .picture_id = static_cast<std::uint16_t>(random() & 0x7fffU),
                    .tl0 = static_cast<std::uint8_t>(random())};
  struct Delayed {
    Datagram datagram;
    int frames = 0;
  };
  std::deque<Delayed> delayed;
  Checker checker;
  bool key = true;
  TimePoint now = kStart;
  for (int frame = 0; frame < 1800; ++frame, now += 33ms) {
    if (frame % 40 == 0)
      call.set_target(chance(15) ? std::nullopt
                                 : std::optional(Layer{.encoding = static_cast<std::uint8_t>(random() % 3),
                                                       .temporal = static_cast<std::uint8_t>(random() % 3)}));
    auto shape = kPattern[frame % 4];
    if (key) shape = {.key = true};
    for (auto& encoding : encodings) {
      if (encoding.index == 2 && frame % 900 > 600)
        continue;  // the sender turns its best one off for a while
      shape.packets = static_cast<std::uint8_t>(1 + random() % 4);
      for (Datagram& datagram : encoding.write(shape)) {
        if (chance(network.lost_percent)) continue;
        if (chance(network.late_percent))
          delayed.push_back({std::move(datagram), static_cast<int>(random() % 6)});
        else
          call.give(datagram, now);
      }
    }
    for (std::size_t i = delayed.size(); i-- > 0;) {
      Delayed late = std::move(delayed.front());
      delayed.pop_front();
      if (late.frames-- > 0)
        delayed.push_back(std::move(late));
      else
        call.give(late.datagram, now);
    }
    key = call.take_key_frame_request() || chance(1);
    for (const Received& packet : call.port.take_rtp()) checker.add(packet);
    if (testing::Test::HasFailure()) return 0;
  }
  checker.check();
  return checker.packets();
}

TEST(MediaPath, NumbersStayInOrderOnAGoodNetwork) {
  for (std::uint32_t seed = 1; seed <= 8 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    EXPECT_GT(run(seed, {}), 1500U);
  }
}

TEST(MediaPath, NumbersStayInOrderWhateverTheNetworkDoes) {
  for (std::uint32_t seed = 1; seed <= 24 && !testing::Test::HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    const Network network{.lost_percent = static_cast<int>(seed % 15),
                          .late_percent = static_cast<int>(seed % 7 * 3)};
    EXPECT_GT(run(seed, network), 500U);
  }
}

// A port that keeps nothing.
struct Void final : PacketPort {
  MutableBytes reserve() override { return room; }
  void commit_rtp(std::size_t) override { ++packets; }
  void commit_rtcp(std::size_t) override {}
  std::array<std::byte, 2048> room{};
  std::size_t packets = 0;
};

// A conference of one sender and ten receivers that keeps nothing.
class Fanout final : public IncomingMedia::Sink, public OutgoingMedia::Conference {
public:
  explicit Fanout(std::size_t receivers) {
    incoming_.set_payload_types(test::usual_payloads());
    incoming_.set_extensions(test::usual_extensions());
    SourceDescription camera{
        .name = SourceName("a-v0"), .kind = MediaKind::video, .encodings = {{Ssrc{1}, Ssrc{11}}}};
    incoming_.set_sources(std::vector{camera});
    for (std::size_t i = 0; i < receivers; ++i) {
      receivers_.push_back(std::make_unique<OutgoingMedia>(OutgoingConfig{}, port, *this));
      receivers_.back()->set_payload_types(test::usual_payloads());
      receivers_.back()->set_extensions(test::usual_extensions());
      receivers_.back()->add_source(*incoming_.sources()[0], kStart);
      // Half of them leave out a layer.
      receivers_.back()->set_target(*incoming_.sources()[0],
                                    Layer{.temporal = static_cast<std::uint8_t>(1 + i % 2)});
    }
  }
  ~Fanout() override {
    for (auto& receiver : receivers_) receiver->remove_source(*incoming_.sources()[0]);
  }

  void give(Bytes datagram, TimePoint now) {
    net::Packet packet = pool_.acquire();
    packet.resize(datagram.size());
    std::ranges::copy(datagram, packet.bytes().begin());
    incoming_.on_rtp(std::move(packet), now, *this);
    if (const auto due = incoming_.next_wakeup(); due && *due <= now) incoming_.on_wakeup(now, *this);
    for (auto& receiver : receivers_)
      if (const auto due = receiver->next_wakeup(); due && *due <= now) receiver->on_wakeup(now);
  }
  void nack(std::uint16_t sequence, TimePoint now) {
    std::array<std::byte, 4> item{};
    set_u16(item, 0, sequence);
    set_u16(item, 2, 0xffff);
    for (auto& receiver : receivers_) receiver->on_nack({.media = Ssrc{1}, .items = item}, now);
  }

  Void port;

private:
  void on_media(const ParsedPacket& packet) override {
    for (auto& receiver : receivers_) receiver->forward(packet, packet.arrival);
  }
  void on_audio_level(Source&, AudioLevel, TimePoint) override {}
  bool is_heard(const Source&, std::optional<AudioLevel>, TimePoint) override { return true; }
  void on_layers_changed(Source&) override {}
  void on_sender_report(Source&, std::uint8_t, const wire::SenderReport&) override {}
  void on_nack(const wire::Nack&) override {}
  void on_key_frame_request(Ssrc) override {}
  void on_report_block(const wire::ReportBlock&) override {}
  void on_transport_cc(const wire::TransportCc&) override {}
  void on_remb(const wire::Remb&) override {}
  bool request_key_frame(const Source&, std::uint8_t, TimePoint) override { return true; }
  void on_slots_changed(MediaKind, std::span<const SlotMapping>) override {}

  net::PacketPool pool_;
  SourceIds ids_;
  IncomingMedia incoming_{{.local_ssrc = Ssrc{99}}, EndpointId("a"), ids_, port};
  std::vector<std::unique_ptr<OutgoingMedia>> receivers_;
};

TEST(MediaPath, AllocatesNothingPerPacket) {
  Fanout call(10);
  test::Vp8Encoding encoding{.ssrc = Ssrc{1}};
  std::vector<std::pair<Datagram, TimePoint>> stream;
  TimePoint now = kStart;
  for (int frame = 0; frame < 1000; ++frame, now += 33ms) {
    auto shape = kPattern[frame % 4];
    shape.key = frame % 100 == 0;
    if (shape.key) shape.temporal = 0;
    shape.packets = 3;
    for (Datagram& datagram : encoding.write(shape)) stream.emplace_back(std::move(datagram), now);
  }
  // The first seconds fill caches and the pool; one packet in 40 is lost, so that NACKs are written.
  const std::size_t warm_up = 600;
  std::size_t before = 0;
  std::size_t forwarded_before = 0;
  for (std::size_t i = 0; i < stream.size(); ++i) {
    if (i == warm_up) {
      before = test::allocations;
      forwarded_before = call.port.packets;
    }
    if (i % 40 == 39) {
      call.nack(static_cast<std::uint16_t>(0xfff0 + i - 30), stream[i].second);
      continue;
    }
    call.give(stream[i].first, stream[i].second);
  }
  EXPECT_EQ(test::allocations - before, 0U);
  EXPECT_GT(call.port.packets - forwarded_before, 10'000U);
}

}  // namespace
}  // namespace cloister::videobridge::media
