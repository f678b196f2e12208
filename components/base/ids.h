// Numbers and names that must not mix.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <string>

#include "base/personal.h"

namespace cloister {

// Synchronization source of an RTP stream (RFC 3550 §3).
enum class Ssrc : std::uint32_t {};
constexpr std::uint32_t raw(Ssrc ssrc) { return static_cast<std::uint32_t>(ssrc); }

// A participant's id on the bridge channel, in source names and as MUC nickname; the focus and the bridge
// compare it byte for byte.
struct EndpointId : Personal<std::string> {
  using Personal::Personal;
};

// The key of a conference between focus and bridge (Colibri2 `meeting-id`).
struct MeetingId : Personal<std::string> {
  using Personal::Personal;
};

// Name of a media source, "<endpoint>-a0", "<endpoint>-v0".
struct SourceName : Personal<std::string> {
  using Personal::Personal;
};

enum class MediaKind : std::uint8_t { audio, video };

// Sequence numbers wrap (RFC 3550 §5.1): `a` is newer than `b` when it is less than half the space ahead.
constexpr bool is_newer(std::uint16_t a, std::uint16_t b) {
  return a != b && static_cast<std::uint16_t>(a - b) < 0x8000U;
}
constexpr bool is_newer(std::uint32_t a, std::uint32_t b) { return a != b && a - b < 0x80000000U; }
// How far `a` is ahead of `b`; negative when behind.
constexpr std::int32_t distance(std::uint16_t a, std::uint16_t b) { return static_cast<std::int16_t>(a - b); }

// Extends wrapping 16-bit numbers to 64 bits by the closest way from the highest seen. 0x10000 is added at
// the start, so that a packet before the first one does not fall below zero.
class SequenceUnwrapper {
public:
  std::int64_t unwrap(std::uint16_t value) {
    if (!started_) {
      started_ = true;
      return highest_ = 0x10000 + std::int64_t{value};
    }
    const std::int64_t full = highest_ + distance(value, static_cast<std::uint16_t>(highest_ & 0xffff));
    if (full > highest_) highest_ = full;
    return full;
  }

private:
  std::int64_t highest_ = 0;
  bool started_ = false;
};

}  // namespace cloister

template <>
struct std::hash<cloister::EndpointId> : std::hash<cloister::Personal<std::string>> {};
template <>
struct std::hash<cloister::MeetingId> : std::hash<cloister::Personal<std::string>> {};
template <>
struct std::hash<cloister::SourceName> : std::hash<cloister::Personal<std::string>> {};
