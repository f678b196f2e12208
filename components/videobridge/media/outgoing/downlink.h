// The way to one receiver: numbers what leaves on it, and learns from the receiver's feedback how much it
// carries. Audio counts where the receiver negotiated transport-wide numbers for it, too; otherwise the
// estimate is of what audio leaves over (docs/decisions/0015).
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "base/ids.h"
#include "videobridge/bandwidth/estimation/estimator.h"
#include "videobridge/media/model/rate_window.h"
#include "videobridge/media/outgoing/sent_packets.h"
#include "videobridge/media/outgoing/sent_totals.h"

namespace cloister::videobridge::media {

class Downlink {
public:
  using Estimator = bandwidth::estimation::Estimator;

  // The transport-wide number of the next packet; it counts as sent with record().
  std::uint16_t next_sequence() const { return sent_.next(); }
  void record(MediaKind kind, std::size_t bytes, TimePoint now) {
    bytes += kProtection;
    sent_.record(bytes, now);
    if (estimator_ == nullptr) return;
    unreported_ += static_cast<std::int64_t>(bytes);
    if (kind == MediaKind::audio) audio_.add(bytes, now);
  }
  void on_feedback(const wire::TransportCc& feedback, Duration rtt, SentTotals& totals, TimePoint now);

  // Whether the line lost something that left after `since`, as far as is reported.
  bool has_lost_since(TimePoint since) const { return lost_ && *lost_ > since; }

  // The last report's: with what queues on the way add now; 0: not known.
  Duration round_trip() const { return round_trip_; }
  // None before the first report: a receiver that says nothing is not limited.
  Estimator* estimator() { return estimator_.get(); }
  std::optional<std::int64_t> estimate() const;  // bit/s
  // Of it, for video.
  std::optional<std::int64_t> video_budget(TimePoint now) const;
  // What video would take if there were no limit, bit/s.
  void set_wanted(std::int64_t video) {
    wanted_ = video;
    if (video == 0 && estimator_ != nullptr) estimator_->set_wanted(0);
  }
  bool is_wanting() const { return wanted_ > 0; }

private:
  static constexpr std::size_t kProtection = 16;  // what SRTP appends, of the path's share, too

  SentPackets sent_;
  std::unique_ptr<Estimator> estimator_;
  std::int64_t unreported_ = 0;  // bytes sent since the last report
  std::int64_t wanted_ = 0;
  RateWindow audio_;
  Duration round_trip_{};
  std::optional<TimePoint> lost_;  // when the newest packet left that was reported lost
};

}  // namespace cloister::videobridge::media
