// Whether a room must outlive its last member: people are in breakout rooms that belong to it.
#pragma once

#include <cstdint>

namespace cloister::focus::room {

enum class Kept : std::uint8_t {
  no,
  yes,  // there are breakout rooms
  led,  // and somebody who leads is in one of them
};

}  // namespace cloister::focus::room
