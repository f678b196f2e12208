// Sheds load before audio suffers: while a shard is overloaded its receivers are shown fewer and fewer
// videos, down to none; when the load has gone the videos come back, one step at a time (protocol/bridge.md
// §13, load-management). Main thread; one per shard.
//
//   load    ──▶ threshold: a quarter fewer at each measurement from the second in a row on
//           between the two: as it is
//           ──▶ recovery:  a quarter more every half minute, until all are back
#pragma once

#include <optional>

#include "base/clock.h"
#include "videobridge/bandwidth/receiver_settings.h"

namespace cloister::videobridge::shard {

struct LoadSettings {
  bool shedding = true;
  double threshold = 0.9;         // of a shard's thread: from here on it is overloaded, and stress is 1
  double recovery = 0.72;         // below, videos come back
  double packets_per_second = 0;  // that count as 1 for one shard; 0: only the thread's time counts
  friend bool operator==(const LoadSettings&, const LoadSettings&) = default;
};

class LoadReducer {
public:
  static constexpr int kConfirmed = 2;  // measurements in a row: somebody's arrival is no overload
  static constexpr Duration kRecoveryPause = 30s;
  static constexpr int kFirstLimit = 40;

  // `load`: 1 is all that the shard can do. `largest`: participants of its largest conference. True when
  // last_n() has changed.
  bool measure(double load, int largest, const LoadSettings& settings, TimePoint now);
  // bandwidth::kUnlimited: nothing is shed.
  int last_n() const { return last_n_; }

private:
  int fewer(int largest) const;
  int more(int largest) const;

  int last_n_ = bandwidth::kUnlimited;
  int in_a_row_ = 0;
  std::optional<TimePoint> overloaded_;  // the last time
  std::optional<TimePoint> recovered_;   // the last step
};

}  // namespace cloister::videobridge::shard
