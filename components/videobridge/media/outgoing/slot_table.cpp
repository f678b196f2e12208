#include "videobridge/media/outgoing/slot_table.h"

#include <algorithm>

#include "base/random.h"

namespace cloister::videobridge::media {

Slot* SlotTable::find(Ssrc ssrc) {
  for (const auto& slot : slots_)
    if (slot->stream.ssrc == ssrc) return slot.get();
  return nullptr;
}

Slot* SlotTable::find_free(const SlotTable& other, TimePoint usable_from) {
  for (const auto& slot : slots_)
    if (slot->occupant == nullptr) return slot.get();
  if (slots_.size() >= limit_) return nullptr;
  const Ssrc ssrc = fresh_ssrc(other);
  Ssrc rtx = fresh_ssrc(other);
  while (rtx == ssrc) rtx = fresh_ssrc(other);
  slots_.push_back(std::make_unique<Slot>(ssrc, rtx, kind_));
  Slot& slot = *slots_.back();
  slot.stream.usable_from = usable_from;
  if (mids_ == Mids::stamped)
    slot.stream.mid = (kind_ == MediaKind::audio ? "a" : "v") + std::to_string(slots_.size() - 1);
  return &slot;
}

Slot* SlotTable::find_oldest(std::span<const Source* const> needed) {
  Slot* oldest = nullptr;
  for (const auto& slot : slots_) {
    const bool is_needed =
        slot->occupant != nullptr && std::ranges::find(needed, &slot->occupant->source()) != needed.end();
    if (is_needed) continue;
    if (oldest == nullptr || slot->stream.last_used < oldest->stream.last_used) oldest = slot.get();
  }
  return oldest;
}

void SlotTable::lend(Slot& slot, Forwarder& forwarder, TimePoint now) {
  if (slot.occupant != nullptr) slot.occupant->attach(nullptr);
  slot.occupant = &forwarder;
  slot.stream.last_used = now;
  forwarder.attach(&slot.stream);
}

void SlotTable::release(const Forwarder& forwarder) {
  for (const auto& slot : slots_)
    if (slot->occupant == &forwarder) slot->occupant = nullptr;
}

SlotMapping SlotTable::mapping(const Slot& slot) const {
  return {.source = &slot.occupant->source(),
          .ssrc = slot.stream.ssrc,
          .rtx = slot.stream.rtx_ssrc.value_or(Ssrc{}),
          .mid = slot.stream.mid};
}

std::vector<SlotMapping> SlotTable::mappings() const {
  std::vector<SlotMapping> all;
  for (const auto& slot : slots_)
    if (slot->occupant != nullptr) all.push_back(mapping(*slot));
  return all;
}

bool SlotTable::knows(Ssrc ssrc) const {
  return std::ranges::any_of(
      slots_, [&](const auto& slot) { return slot->stream.ssrc == ssrc || slot->stream.rtx_ssrc == ssrc; });
}

Ssrc SlotTable::fresh_ssrc(const SlotTable& other) const {
  Ssrc ssrc{random_u32()};
  while (raw(ssrc) == 0 || knows(ssrc) || other.knows(ssrc)) ssrc = Ssrc{random_u32()};
  return ssrc;
}

}  // namespace cloister::videobridge::media
