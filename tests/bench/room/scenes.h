// What is measured of the bridge in its process: one function a kind of question, each prints one JSON
// object.
#pragma once

#include <optional>

#include "forward/place.h"
#include "room/flood.h"
#include "room/stand.h"

namespace cloister::bench {

struct Stands {
  Place bridge;
  Place load;
  Duration measured = 2s;
  // What the first two of a room keep of what they send and are sent is all there by then.
  Duration settling = 500ms;
};

// `rooms` alike.
struct MediaScene {
  std::size_t rooms = 1;
  std::size_t senders = 1;     // per room, with video
  std::size_t talkers = 0;     // per room; the first senders, then others
  std::size_t receivers = 10;  // per room, of those who send nothing
  int layers = 3;
  int height = 720;
  int last_n = -1;
  std::size_t loudest = 0;
  SrtpChoice srtp = SrtpChoice::gcm;
  int flood = 0;  // packets a second
  Junk junk = Junk::random;
};

// Each false when not all came that was to come.
bool measure_media(const MediaScene& scene, const Stands& stands);
// `count` joins in order: waiting time and processor time of each.
bool measure_joins(std::size_t count, const Stands& stands);
// `count` at once, beside a room that goes on.
bool measure_storm(std::size_t count, const Stands& stands);
// `count` conferences made and ended, and what one costs beyond its endpoints.
bool measure_conferences(std::size_t count, const Stands& stands);

}  // namespace cloister::bench
