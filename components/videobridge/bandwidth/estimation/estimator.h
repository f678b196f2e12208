// How much may be sent to one receiver: from the receiver's transport-wide feedback, by delay and loss
// (draft-ietf-rmcat-gcc-02), and from probes. Values in, values out; shard thread; owned by its send path.
//
//   outcomes → arrival groups → trendline ─┐
//            → delivered rate ─────────────┼→ rate control ─┐
//            → loss control ───────────────┼────────────────┼→ estimate ─(queue that stands)→ budget
//            → probe results ──────────────┴────────────────┘      └→ probe planner → cluster to send
#pragma once

#include <cstdint>
#include <optional>

#include "videobridge/bandwidth/estimation/arrival_groups.h"
#include "videobridge/bandwidth/estimation/busy_rate.h"
#include "videobridge/bandwidth/estimation/delivered_rate.h"
#include "videobridge/bandwidth/estimation/limited_region.h"
#include "videobridge/bandwidth/estimation/loss_control.h"
#include "videobridge/bandwidth/estimation/outcome.h"
#include "videobridge/bandwidth/estimation/probe_planner.h"
#include "videobridge/bandwidth/estimation/probe_results.h"
#include "videobridge/bandwidth/estimation/rate_control.h"
#include "videobridge/bandwidth/estimation/standing_queue.h"
#include "videobridge/bandwidth/estimation/trendline.h"

namespace cloister::videobridge::bandwidth::estimation {

class Estimator {
public:
  // One report: its packets in order, then its end. `sent` are the bytes that left since the last report.
  void on_packet(const Outcome& packet);
  void on_report_end(std::int64_t sent, Duration rtt, TimePoint now);

  // bit/s of what the path carries.
  std::int64_t estimate() const;
  // Whether it has shown so, or is a guess.
  bool is_proven() const { return is_proven_; }
  // bit/s to send now: less than the estimate while a queue has to drain.
  std::int64_t budget() const;

  // What would be sent if the path allowed, bit/s; 0: no video is wanted, so nothing is probed.
  void set_wanted(std::int64_t rate) { wanted_ = rate; }
  // A cluster to be sent now: at least so many packets and bytes, with the media sent meanwhile, at this
  // rate, in steps of 5 ms.
  struct Cluster {
    std::int64_t rate = 0;
    std::int64_t bytes = 0;
    int packets = 0;
    Duration settling{};  // at its beginning, that only loads the line
  };
  std::optional<Cluster> plan_probe(TimePoint now);
  // Around the cluster's sending, with the transport-wide number that comes next.
  void on_probe_begin(std::uint16_t next_sequence, const Cluster& cluster, TimePoint now) {
    probe_.begin(next_sequence, now + cluster.settling);
  }
  void on_probe_end(std::uint16_t next_sequence) { probe_.end(next_sequence); }

  // No queue grows or stands.
  bool is_calm() const { return trendline_.usage() != Usage::over && queue_.wait() < kCalm; }
  Usage usage() const { return trendline_.usage(); }
  bool is_limited() const { return limited_.is_limited(); }
  Duration queue() const { return queue_.wait(); }

private:
  static constexpr Duration kCalm = 80ms;

  bool is_promise(const ProbeResult& shown) const;
  void on_probe(const ProbeResult& shown, TimePoint now);

  ArrivalGroups groups_;
  Trendline trendline_;
  DeliveredRate delivered_;
  RateControl control_{kInitialRate};
  LossControl loss_;
  LimitedRegion limited_;
  StandingQueue queue_;
  BusyRate busy_;
  ProbeResults probe_;
  ProbePlanner planner_;
  bool is_proven_ = false;             // that the path carries the estimate
  std::optional<std::int64_t> doubt_;  // what the last probe showed, if that was less
  std::int64_t wanted_ = 0;
  std::optional<TimePoint> reported_;
};

}  // namespace cloister::videobridge::bandwidth::estimation
