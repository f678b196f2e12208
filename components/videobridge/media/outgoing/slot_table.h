// SSRC rewriting: a fixed number of outgoing SSRCs, lent to the sources that a receiver is sent now
// (protocol/bridge.md §9). An SSRC belongs to its slot for ever; a source that comes back may get another.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/clock.h"
#include "videobridge/media/outgoing/forwarder.h"
#include "videobridge/media/outgoing/slot_mapping.h"

namespace cloister::videobridge::media {

struct Slot {
  Slot(Ssrc ssrc, Ssrc rtx, MediaKind kind) : stream(ssrc, rtx, kind) {}
  SendStream stream;
  Forwarder* occupant = nullptr;
};

enum class Mids : bool { none, stamped };

class SlotTable {
public:
  SlotTable(MediaKind kind, std::size_t limit, Mids mids) : kind_(kind), limit_(limit), mids_(mids) {}

  Slot* find(Ssrc ssrc);
  // A free slot, or a new one while there are fewer than the limit; none when all are lent. A new one's SSRCs
  // differ from those of `other`; it is usable from then on only.
  Slot* find_free(const SlotTable& other, TimePoint usable_from);
  // The slot whose occupant was served longest ago and is not among `needed`.
  Slot* find_oldest(std::span<const Source* const> needed);
  // Takes the slot from its occupant and gives it to `forwarder`.
  void lend(Slot& slot, Forwarder& forwarder, TimePoint now);
  void release(const Forwarder& forwarder);

  SlotMapping mapping(const Slot& slot) const;
  std::vector<SlotMapping> mappings() const;
  std::span<const std::unique_ptr<Slot>> slots() const { return slots_; }

private:
  bool knows(Ssrc ssrc) const;
  Ssrc fresh_ssrc(const SlotTable& other) const;

  MediaKind kind_;
  std::size_t limit_;
  Mids mids_;
  std::vector<std::unique_ptr<Slot>> slots_;
};

}  // namespace cloister::videobridge::media
