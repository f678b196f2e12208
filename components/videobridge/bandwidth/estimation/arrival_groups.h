// Packets that left together, as one: how much longer (or shorter) the way of each group was than that of the
// one before (draft-ietf-rmcat-gcc-02 §5.2).
#pragma once

#include <optional>

#include "base/clock.h"

namespace cloister::videobridge::bandwidth::estimation {

struct GroupDelta {
  Duration send{};     // from the one group to the next
  Duration arrival{};  // the same at the receiver
  Duration arrived{};  // when the later one was complete, on the receiver's clock
};

class ArrivalGroups {
public:
  // Packets in the order of their sending. Gives a difference whenever a group is complete and has one
  // before.
  std::optional<GroupDelta> add(TimePoint sent, Duration arrival);
  void reset() { *this = {}; }

private:
  struct Group {
    TimePoint first_sent;
    TimePoint last_sent;
    Duration first_arrival{};
    Duration last_arrival{};
  };
  bool belongs(TimePoint sent, Duration arrival) const;
  std::optional<GroupDelta> difference();

  std::optional<Group> current_;
  std::optional<Group> previous_;
  int backwards_ = 0;  // groups in a row that arrived before the one sent earlier
};

}  // namespace cloister::videobridge::bandwidth::estimation
