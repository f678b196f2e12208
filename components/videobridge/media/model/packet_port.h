// The way out towards one endpoint. The transport implements it over its arena and SRTP keys; a test records.
#pragma once

#include "base/bytes.h"

namespace cloister::videobridge::media {

// Shard thread only. reserve() and one of the commits come in pairs; a reserve() without a commit is taken
// back by the next one.
struct PacketPort {
  virtual ~PacketPort() = default;
  // Room for one plaintext packet; what encryption appends is not part of it. Empty when nothing can be sent
  // now.
  virtual MutableBytes reserve() = 0;
  // Protects and sends the first `length` bytes of the room.
  virtual void commit_rtp(std::size_t length) = 0;
  virtual void commit_rtcp(std::size_t length) = 0;
};

}  // namespace cloister::videobridge::media
