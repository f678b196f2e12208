// The Data Channel Establishment Protocol (RFC 8832) and the payload protocol ids of data channels (RFC 8831
// §8).
#pragma once

#include <cstdint>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"

namespace cloister::videobridge::transport {

namespace ppid {
inline constexpr std::uint32_t kDcep = 50;
inline constexpr std::uint32_t kText = 51;
inline constexpr std::uint32_t kBinary = 53;
inline constexpr std::uint32_t kEmptyText = 56;
inline constexpr std::uint32_t kEmptyBinary = 57;
}  // namespace ppid

enum class DcepType : std::uint8_t { ack = 0x02, open = 0x03 };
enum class DcepError : std::uint8_t { truncated, unknown_type, bad_length };

// The texts of an OPEN look into the message. Channel type, priority and reliability are not kept: we send
// reliable and ordered.
struct DcepMessage {
  DcepType type = DcepType::ack;
  std::string_view label;
  std::string_view protocol;
};

Result<DcepMessage, DcepError> parse_dcep(Bytes message);

// A reliable, ordered channel. Returns the length, 0 when it does not fit.
std::size_t write_dcep_open(MutableBytes out, std::string_view label, std::string_view protocol);
std::size_t write_dcep_ack(MutableBytes out);

}  // namespace cloister::videobridge::transport
