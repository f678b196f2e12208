// What one participant receives of the others: which packets came, how late, and how the video looked.
#pragma once

#include <map>
#include <string>
#include <unordered_map>

#include "load/delay_histogram.h"
#include "videobridge/transport/srtp/replay_window.h"
#include "wire/rtp_header.h"
#include "world/jingle_session.h"
#include "world/video_view.h"

namespace cloister::load {

// Of one participant's measured time; adds up to totals.
struct Received {
  std::uint64_t packets = 0;  // media, without retransmissions
  std::uint64_t bytes = 0;    // RTP, header included
  std::uint64_t lost = 0;     // never came, also not when asked for again
  std::uint64_t gaps = 0;     // jumps in the sequence numbers
  std::uint64_t strays = 0;   // of no source that was signalled
  std::uint64_t frames = 0;
  std::uint64_t freezes = 0;  // more than kFreeze between two frames
  Duration longest_freeze{};
  std::uint64_t contradictions = 0;  // what no decoder should have to see: sim/world/frame_assembler.h
  std::size_t talkers = 0, heard = 0;
  std::size_t senders = 0, seen = 0;
  std::map<int, std::size_t> heights{};  // of the video at the end: lines → sources
  DelayHistogram delay{};                // from being sent to being in the receiver's socket
  DelayHistogram unread{};               // from there to being read: this program's own part

  void add(const Received& other);
};

class Reception {
public:
  static constexpr Duration kFreeze = 200ms;

  void watch(const std::map<EndpointId, sim::OtherSources>& sources, TimePoint now);
  void forget(const EndpointId& owner);
  // It was in the socket at `came` and is read now.
  void on_rtp(wire::RtpHeader header, TimePoint came, TimePoint now);
  // Begins to measure.
  void start(TimePoint now);
  Received received(TimePoint now) const;

  // Calls visit(sim::VideoView&) for each video that is watched.
  template <class Visit>
  void for_each_video(Visit visit) {
    for (auto& [owner, other] : others_)
      if (other.video.media_ssrc() != Ssrc{}) visit(other.video);
  }
  // Calls visit(SSRC, highest sequence number) for each stream of which something came.
  template <class Visit>
  void for_each_stream(Visit visit) const {
    for (const auto& [owner, other] : others_) {
      if (other.heard.any()) visit(other.audio, other.heard.highest());
      if (other.seen.any()) visit(other.video.media_ssrc(), other.seen.highest());
    }
  }

private:
  // Sequence numbers of one stream.
  class Numbers {
  public:
    void start() {
      first_ = window_.empty() ? 0 : window_.highest() + 1;
      received_ = gaps_ = 0;
    }
    // False when it came before.
    bool take(std::uint16_t sequence);
    bool any() const { return !window_.empty(); }
    std::uint32_t highest() const { return static_cast<std::uint32_t>(window_.highest() & 0xffffffffU); }
    std::uint64_t received() const { return received_; }
    std::uint64_t gaps() const { return gaps_; }
    std::uint64_t lost() const;

  private:
    SequenceUnwrapper unwrapper_;
    videobridge::transport::ReplayWindow<1024> window_;
    std::uint64_t first_ = 0;
    std::uint64_t received_ = 0;
    std::uint64_t gaps_ = 0;
  };
  struct Other {
    explicit Other(TimePoint now) : video(now) {}
    Ssrc audio{};
    Numbers heard{};
    sim::VideoView video;
    Numbers seen{};
    TimePoint last_frame{};
    std::uint64_t freezes = 0;
  };
  enum class Kind : std::uint8_t { audio, video, retransmission };
  struct Place {
    Other* other;
    Kind kind;
  };

  void unlist(const Other& other);
  void on_video(Other& other, const wire::RtpHeader& header, TimePoint now);

  std::map<EndpointId, Other> others_;
  std::unordered_map<std::uint32_t, Place> by_ssrc_;
  Received measured_;
};

// The sender's clock at the end of a payload, for all participants of one machine share it.
void write_mark(MutableBytes packet, TimePoint now);
std::optional<TimePoint> read_mark(Bytes payload);

}  // namespace cloister::load
