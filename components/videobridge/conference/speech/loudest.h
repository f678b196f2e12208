// Which voices are heard while more of them arrive than a conference forwards (protocol/bridge.md §10.3, and
// docs/decisions on audio). A member leaves only for somebody clearly louder, so membership says little about
// who is silent, and a voice that comes in is in with its first loud packet. Shard thread; owned by the
// conference.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/clock.h"

namespace cloister::videobridge::conference {

// Whether a voice is the dominant speaker's: then it is louder than all others, also between two words.
enum class Dominant { no, yes };

class Loudest {
public:
  // An authenticated packet of a voice, with its level as on the wire (RFC 6464: 0 loudest, 127 silence).
  // Voices go by small numbers: SourceId. Returns whether the voice is a member now, one of at
  // most `limit`; 0: all are.
  bool on_packet(std::uint32_t voice, std::uint8_t level, Dominant dominant, std::size_t limit,
                 TimePoint now);
  // Its number may be somebody else's from now on.
  void forget(std::uint32_t voice);
  bool is_member(std::uint32_t voice) const { return voice < voices_.size() && voices_[voice].member; }

private:
  // The loudest packet of late counts, the less the longer ago: what is quieter changes nothing.
  struct Voice {
    double peak = 0;  // dB over silence
    TimePoint at{};
    bool member = false;
  };
  static double strength(const Voice& voice, TimePoint now);
  std::uint32_t weakest(TimePoint now) const;
  void admit(std::uint32_t voice);
  void dismiss(std::uint32_t voice);

  std::vector<Voice> voices_;
  std::vector<std::uint32_t> members_;
};

}  // namespace cloister::videobridge::conference
