// A peer of an open bridge channel that has the keys and says what it likes: SCTP chunks of the fuzzer's,
// under the right ports and verification tag. Input: packets of a length byte, a byte of flags, and chunks.
#include <usrsctp.h>

#include <algorithm>
#include <array>

#include "videobridge/transport/channel/data_channel.h"
#include "videobridge/transport/channel/dcep.h"

namespace cloister::videobridge::transport {
namespace {

constexpr std::size_t kHeader = 12;  // ports, verification tag, checksum (RFC 9260 §3.1)

struct Bridge final : DataChannel::Port {
  void send_sctp(Bytes packet) override { packets.emplace_back(packet.begin(), packet.end()); }
  void on_channel_open(TimePoint) override {}
  void on_channel_message(std::string_view text, TimePoint) override {
    if (text.size() > SctpAssociation::kMaxMessage) std::abort();
  }
  void on_channel_closed(TimePoint) override {}
  std::vector<std::vector<std::byte>> packets;
};

class Session {
public:
  Session() {
    exchange();
    std::array<std::byte, 100> open;
    peer_.send(0, ppid::kDcep, std::span(open).first(write_dcep_open(open, "label", "")));
    exchange();
  }

  enum Flag : std::uint8_t {
    right_number = 1,  // the first chunk's TSN becomes relative to the next expected one
    answer = 2,        // the bridge says something afterwards
    time = 4,          // a second passes
    peer_hears = 8     // the well-behaved peer gets what the bridge sends
  };
  void inject(std::uint8_t flags, Bytes chunks) {
    std::vector<std::byte> packet(kHeader);
    std::copy_n(header_.begin(), 8, packet.begin());
    packet.insert(packet.end(), chunks.begin(), chunks.end());
    if ((flags & right_number) != 0 && packet.size() >= kHeader + 8) {
      const std::uint32_t number = next_number_ + get_u32(packet, kHeader + 4) % 4;
      ByteWriter(std::span(packet).subspan(kHeader + 4)).u32(number);
      next_number_ = number;
    }
    channel_.on_packet(packet, now_);
    if ((flags & answer) != 0) channel_.send("an answer");
    if ((flags & time) != 0) step(50);
    if ((flags & peer_hears) != 0) exchange();
    bridge_.packets.clear();
  }

private:
  void step(int ticks) {
    for (int i = 0; i < ticks; ++i) {
      now_ += SctpAssociation::kTick;
      channel_.on_wakeup(now_);
      peer_.step(now_);
    }
  }
  void exchange() {
    for (int quiet = 0; quiet < 2; ++quiet) {
      step(1);
      for (auto mail = peer_.take_mail(); !mail.packets.empty() || !bridge_.packets.empty();
           mail = peer_.take_mail()) {
        for (const auto& packet : mail.packets) {
          note(packet);
          channel_.on_packet(packet, now_);
        }
        for (const auto& packet : std::exchange(bridge_.packets, {})) peer_.on_packet(packet);
      }
    }
  }
  // From the peer's packets: the tag that the bridge expects, and where its numbers begin (INIT, §3.3.2).
  void note(Bytes packet) {
    if (packet.size() < kHeader + 20) return;
    const auto chunk = get_u8(packet, kHeader);
    if (chunk == 0) next_number_ = get_u32(packet, kHeader + 4) + 1;
    if (get_u32(packet, 4) != 0) std::copy_n(packet.begin(), kHeader, header_.begin());
  }

  TimePoint now_{std::chrono::hours(1)};
  Bridge bridge_;
  Drops drops_;
  DataChannel channel_{DataChannel::Opener::peer, bridge_, drops_};
  SctpAssociation peer_;
  std::array<std::byte, kHeader> header_{};
  std::uint32_t next_number_ = 0;
};

void feed(Bytes data) {
  Session session;
  usrsctp_enable_crc32c_offload();  // from here on checksums are taken for right
  ByteReader in(data);
  for (int packets = 0; packets < 32 && in.left() >= 2; ++packets) {
    const std::size_t length = in.u8();
    const std::uint8_t flags = in.u8();
    session.inject(flags, in.take(std::min(4 * length, in.left())));
  }
}

}  // namespace
}  // namespace cloister::videobridge::transport

// Checklist: 221
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cloister::videobridge::transport::feed(std::as_bytes(std::span(data, size)));
  return 0;
}
