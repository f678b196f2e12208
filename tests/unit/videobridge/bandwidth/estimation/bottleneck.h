// A line with a queue, and a bridge in front of it that sends the video layers the estimator allows, frame by
// frame, and the probes it plans: the closed loop without a bridge.
#pragma once

#include <deque>
#include <random>

#include "videobridge/bandwidth/estimation/estimator.h"

namespace cloister::videobridge::bandwidth::estimation {

struct Line {
  std::int64_t capacity = 1'000'000;  // bit/s
  Duration delay = 20ms;
  Duration queue = 300ms;
  Duration jitter = 0ms;
  double loss = 0;
};

class Bottleneck {
public:
  explicit Bottleneck(Line on, std::uint64_t seed = 1) : line(on), random_(seed) {}

  void run(Duration length) {
    for (const TimePoint end = now + length; now < end; now += 5ms) {
      if (now >= next_frame_) send_frame();
      if (cluster_) continue_probe();
      if (now >= next_report_) report();
      longest_queue = std::max(longest_queue, queue());
    }
  }
  Duration queue() const { return std::max(busy_ - now, Duration{0}); }

  Line line;
  Estimator estimator;
  TimePoint now{1s};
  Duration longest_queue{};
  std::int64_t sending = 0;  // bit/s

private:
  static constexpr std::int64_t kLayers[] = {150'000, 650'000, 3'000'000, 9'000'000};

  void send(std::int64_t bytes) {
    while (bytes > 0) {
      const auto size = static_cast<std::uint16_t>(std::min<std::int64_t>(bytes, 1100));
      bytes -= size;
      Outcome packet{.sequence = next_++, .bytes = size, .sent = now, .arrival = std::nullopt};
      sent_ += size;
      const Duration time = Duration(1s) * size * 8 / line.capacity;
      if (chance() >= line.loss && std::max(busy_, now) + time - now <= line.queue) {
        busy_ = std::max(busy_, now) + time;
        const Duration shake(static_cast<std::int64_t>(chance() * static_cast<double>(line.jitter.count())));
        last_ = std::max(last_, busy_ + line.delay + shake);
        packet.arrival = last_.time_since_epoch() - 500s;
      }
      on_way_.push_back(packet);
    }
  }
  void send_frame() {
    next_frame_ += 33ms;
    sending = kLayers[0];
    for (const std::int64_t layer : kLayers)
      if (layer <= estimator.budget()) sending = layer;
    send(sending / 8 / 30);
  }
  void continue_probe() {
    const std::int64_t share = bytes_in(cluster_->rate, now - begun_ + 5ms);
    while (probed_ < share && (probed_ < cluster_->bytes || packets_ < cluster_->packets)) {
      const std::int64_t size = cluster_->bytes / 3 < 1000 ? 275 : 1000;
      send(size);
      probed_ += size;
      ++packets_;
    }
    if (probed_ < cluster_->bytes || packets_ < cluster_->packets) return;
    estimator.on_probe_end(next_);
    cluster_.reset();
  }
  void report() {
    next_report_ = now + 100ms;
    bool any = false;
    while (!on_way_.empty() && now - on_way_.front().sent > 2 * line.delay) {
      const Outcome& packet = on_way_.front();
      if (packet.arrival && TimePoint(*packet.arrival + 500s) + line.delay > now) break;
      estimator.on_packet(packet);
      on_way_.pop_front();
      any = true;
    }
    if (!any) return;
    estimator.set_wanted(kLayers[3]);
    estimator.on_report_end(sent_, 2 * line.delay, now);
    sent_ = 0;
    if (cluster_) return;
    cluster_ = estimator.plan_probe(now);
    if (!cluster_) return;
    estimator.on_probe_begin(next_, *cluster_, now);
    begun_ = now;
    probed_ = packets_ = 0;
    continue_probe();
  }
  double chance() { return std::uniform_real_distribution<>(0, 1)(random_); }

  std::mt19937_64 random_;
  TimePoint busy_{};
  TimePoint last_{};
  TimePoint next_frame_{1s};
  TimePoint next_report_{};
  std::deque<Outcome> on_way_;
  std::uint16_t next_ = 1;
  std::int64_t sent_ = 0;
  std::optional<Estimator::Cluster> cluster_;
  TimePoint begun_{};
  std::int64_t probed_ = 0;
  int packets_ = 0;
};

}  // namespace cloister::videobridge::bandwidth::estimation
