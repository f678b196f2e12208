// The same "random" bytes for the same seed, so that a simulated run can be repeated: all of OpenSSL's
// generators, and with them fill_random(), follow the seed while an object of this class lives. One at a
// time.
#pragma once

#include <cstdint>

namespace cloister::support {

class SeededRandom {
public:
  explicit SeededRandom(std::uint64_t seed);
  ~SeededRandom();
  SeededRandom(const SeededRandom&) = delete;
  SeededRandom& operator=(const SeededRandom&) = delete;
};

}  // namespace cloister::support
