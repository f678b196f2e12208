// Redundant audio data (RFC 2198): a packet with the frames before its own.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "base/bytes.h"
#include "base/result.h"

namespace cloister::wire {

enum class RedError : std::uint8_t { truncated, too_many_blocks, block_overrun };

struct RedBlock {
  std::uint8_t payload_type = 0;
  std::uint16_t timestamp_offset = 0;  // how far before the packet's own timestamp; 0…16383
  Bytes data;                          // looks into the payload; may be empty
};

struct RedPayload {
  static constexpr std::size_t kMaxRedundant = 8;

  RedBlock primary;  // the packet's own frame
  std::span<const RedBlock> redundant() const { return std::span(blocks).first(count); }

  std::array<RedBlock, kMaxRedundant> blocks{};  // as they came: usually the oldest first
  std::size_t count = 0;
};

Result<RedPayload, RedError> parse_red(Bytes payload);

}  // namespace cloister::wire
