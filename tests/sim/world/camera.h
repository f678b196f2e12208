// A browser's simulcast video (180, 360 and 720 lines, three temporal layers each) without pictures: makes
// frames, key frames when asked, retransmits, and sends only the encodings that somebody wants.
#pragma once

#include <array>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

#include "base/clock.h"
#include "support/call/colibri_requests.h"
#include "support/call/vp8_stream.h"
#include "wire/rtcp_feedback.h"

namespace cloister::sim {

class Camera {
public:
  static constexpr Duration kFrameInterval = Duration(1s) / 30;
  // bit/s of 180, 360 and 720 lines.
  using Rates = std::array<std::int64_t, 3>;
  static constexpr Rates kModest{200'000, 500'000, 1'500'000};
  // As browsers have them.
  static constexpr Rates kFull{150'000, 500'000, 2'500'000};
  using Send = std::function<void(Bytes)>;

  // `encodings` low → high, one to three.
  Camera(const std::vector<support::Participant::Encoding>& encodings, support::Extensions extensions,
         support::TransportSequence& transport, TimePoint now, const Rates& rates = kModest);

  // SenderSourceConstraints: encodings above rest.
  void limit_height(int height) { max_height_ = height; }
  void request_key_frame(Ssrc media);
  void on_nack(const wire::Nack& nack, const Send& send);

  TimePoint next_frame() const { return next_frame_; }
  void send_frame(TimePoint now, const Send& send);
  void write_sender_reports(ByteWriter& out, TimePoint now) const;

private:
  struct Encoding {
    support::Vp8Stream stream;
    std::optional<support::RtpStream> rtx{};
    int height = 0;
    std::size_t frame_bytes = 0;
    bool key_wanted = true;
    bool active = false;
    std::uint32_t packets = 0;
    std::uint32_t octets = 0;
    std::deque<std::vector<std::byte>> sent{};
  };

  void send_frame(Encoding& encoding, const Send& send);

  std::vector<std::unique_ptr<Encoding>> encodings_;
  int max_height_ = 180;  // until the bridge asks for more
  TimePoint next_frame_;
  std::uint64_t frame_ = 0;
  std::uint32_t timestamp_ = 12345;
};

}  // namespace cloister::sim
