#include "world/camera.h"

#include <algorithm>
#include <array>

namespace cloister::sim {
namespace {

struct Quality {
  std::uint16_t width, height;
};
constexpr std::array kQualities{
    Quality{320,  180},
    Quality{640,  360},
    Quality{1280, 720}
};

constexpr std::size_t kPacketBytes = 1100;
constexpr std::size_t kKeyFrameFactor = 3;
constexpr std::size_t kKept = 300;  // packets per encoding, for retransmission
// Three layers: 7.5, 15 and 30 frames a second.
constexpr std::array<std::uint8_t, 4> kTemporal{0, 2, 1, 2};

std::uint64_t ntp(TimePoint now) {
  const auto since = now.time_since_epoch();
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(since);
  const auto rest = static_cast<std::uint64_t>((since - seconds).count());
  return static_cast<std::uint64_t>(seconds.count()) << 32 | (rest << 32) / 1'000'000'000U;
}

}  // namespace

Camera::Camera(const std::vector<support::Participant::Encoding>& encodings, support::Extensions extensions,
               support::TransportSequence& transport, TimePoint now, const Rates& rates)
    : next_frame_(now) {
  const support::Extensions video{.transport_cc = extensions.transport_cc};
  for (std::size_t i = 0; i < encodings.size(); ++i) {
    const Quality& quality = kQualities.at(i);
    auto made = std::make_unique<Encoding>(
        Encoding{.stream = support::Vp8Stream(encodings[i].ssrc, support::kVp8, quality.width, quality.height,
                                              video, transport),
                 .height = quality.height,
                 .frame_bytes = static_cast<std::size_t>(rates.at(i) / 8 / 30)});
    if (encodings[i].rtx) made->rtx.emplace(*encodings[i].rtx, support::kVp8Rtx, video, transport);
    encodings_.push_back(std::move(made));
  }
}

void Camera::request_key_frame(Ssrc media) {
  for (const auto& encoding : encodings_)
    if (encoding->stream.ssrc() == media) encoding->key_wanted = true;
}

void Camera::send_frame(TimePoint, const Send& send) {
  next_frame_ += kFrameInterval;
  timestamp_ += 3000;
  for (const auto& encoding : encodings_) {
    const bool active = encoding == encodings_.front() || encoding->height <= max_height_;
    encoding->key_wanted |= active && !encoding->active;  // an encoder that wakes up begins anew
    encoding->active = active;
    if (active) send_frame(*encoding, send);
  }
  ++frame_;
}

void Camera::send_frame(Encoding& encoding, const Send& send) {
  const bool key = std::exchange(encoding.key_wanted, false);
  const std::size_t bytes = encoding.frame_bytes * (key ? kKeyFrameFactor : 1);
  const std::size_t packets = (bytes + kPacketBytes - 1) / kPacketBytes;
  const support::Vp8Frame frame{.timestamp = timestamp_,
                                .key = key,
                                .temporal = key ? std::uint8_t{0} : kTemporal[frame_ % kTemporal.size()],
                                .layer_sync = frame_ % 4 == 1 || frame_ % 4 == 2,
                                .packets = packets,
                                .packet_bytes = std::max<std::size_t>(bytes / packets, 60)};
  encoding.stream.write(frame, [&](Bytes packet) {
    ++encoding.packets;
    encoding.octets += static_cast<std::uint32_t>(packet.size());
    encoding.sent.emplace_back(packet.begin(), packet.end());
    if (encoding.sent.size() > kKept) encoding.sent.pop_front();
    send(packet);
  });
}

void Camera::on_nack(const wire::Nack& nack, const Send& send) {
  for (const auto& encoding : encodings_) {
    if (encoding->stream.ssrc() != nack.media || !encoding->rtx) continue;
    nack.for_each([&](std::uint16_t sequence) {
      const auto found = std::ranges::find_if(
          encoding->sent, [&](const auto& packet) { return get_u16(packet, 2) == sequence; });
      if (found == encoding->sent.end()) return;
      const auto original = wire::parse_rtp(*found);
      if (!original) return;
      // RFC 4588 §4: the original sequence number goes before the payload.
      std::array<std::byte, 1500> memory;
      ByteWriter out{memory};
      encoding->rtx->write_header(out, {.timestamp = original->timestamp, .marker = original->marker});
      out.u16(sequence).bytes(original->payload);
      send(out.written());
    });
  }
}

void Camera::write_sender_reports(ByteWriter& out, TimePoint now) const {
  for (const auto& encoding : encodings_) {
    if (!encoding->active) continue;
    wire::write_sender_report(out, {.ssrc = encoding->stream.ssrc(),
                                    .ntp = ntp(now),
                                    .rtp_timestamp = timestamp_,
                                    .packets = encoding->packets,
                                    .octets = encoding->octets});
  }
}

}  // namespace cloister::sim
