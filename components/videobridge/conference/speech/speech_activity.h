// How much one participant has been speaking, over three lengths of time (protocol/bridge.md §10.1; Volfin
// and Cohen, "Dominant speaker identification for multipoint videoconferencing", 2013). Shard thread; owned
// by the endpoint.
#pragma once

#include <array>
#include <cstdint>

#include "base/clock.h"

namespace cloister::videobridge::conference {

class SpeechActivity {
public:
  // The windows compared: one level, five of them, ten times five.
  struct Scores {
    double immediate;
    double medium;
    double long_term;
  };

  // `level` as on the wire (RFC 6464): 0 is loudest, 127 silence. A level older than the last one is ignored.
  void on_level(std::uint8_t level, TimePoint now);
  // Pushes silence when nothing has come for longer than 40 ms.
  void on_idle_check(TimePoint now);
  // Brings the scores up to date.
  const Scores& evaluate();

  const Scores& scores() const { return scores_; }
  bool was_heard() const { return heard_; }
  TimePoint last_level() const { return last_level_; }

private:
  static constexpr std::size_t kMediumLength = 5;  // N2
  static constexpr std::size_t kLongLength = 10;   // N3
  static constexpr std::size_t kHistory = kMediumLength * kLongLength;

  void push(std::uint8_t loudness);
  void track_noise_floor(std::uint8_t loudness);
  bool update_immediates();
  bool update_mediums();
  bool update_longs();

  std::array<std::uint8_t, kHistory> levels_{};  // loudness 0…127, newest first
  std::array<std::uint8_t, kHistory> immediates_{};
  std::array<std::uint8_t, kLongLength> mediums_{};
  std::uint8_t long_ = 0;
  std::uint8_t noise_floor_ = 0;
  std::uint8_t next_floor_ = 0;
  std::uint16_t next_floor_count_ = 0;
  bool heard_ = false;
  TimePoint last_level_{};
  Scores scores_{kScoreFloor, kScoreFloor, kScoreFloor};

public:
  static constexpr double kScoreFloor = 1e-10;
};

}  // namespace cloister::videobridge::conference
