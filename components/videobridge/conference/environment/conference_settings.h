// What an operator decides for all conferences of a shard. The shard may replace it as a whole while
// conferences go on, so nobody keeps copies of its parts.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "videobridge/bandwidth/priority.h"

namespace cloister::videobridge::conference {

// In conferences of this many participants or more (up to the next entry) a lastN of at most `last_n`.
struct SizeLimit {
  std::uint32_t participants = 0;
  int last_n = bandwidth::kUnlimited;
  friend bool operator==(const SizeLimit&, const SizeLimit&) = default;
};

// What one participant may send over its bridge channel; what is beyond is ignored, and counted.
struct ChannelLimits {
  double messages_per_second = 50;
  double message_burst = 200;
  double bytes_per_second = 128 * 1024;
  double byte_burst = 1024 * 1024;
  friend bool operator==(const ChannelLimits&, const ChannelLimits&) = default;
};

struct ConferenceSettings {
  std::string
      web_socket_url{};  // base of the bridge channel without a slash at the end; empty: no WebSockets
  bool sctp = true;      // data channel when the focus asks for it
  std::size_t max_endpoints = 1000;  // per conference; more are refused
  bandwidth::LastNLimits last_n{};
  std::vector<SizeLimit> last_n_by_size{};  // by rising number of participants
  int load_last_n = bandwidth::kUnlimited;  // of the load reducer, not of an operator
  std::size_t loudest = 10;                 // voices that are heard at a time, where more send; 0: all
  // Assumed downlink of every receiver, bit/s; absent: unlimited. Stands in for an estimate.
  std::optional<std::int64_t> bandwidth{};
  ChannelLimits channel{};
  bool equal_sizes = true;  // video packets are padded to sizes that leave as trains; for new participants
  std::string relay_id{};   // by which other bridges know this one; empty: no relays

  // Which limits a conference of that size is under now.
  bandwidth::LastNLimits limits(std::size_t participants) const;
};

}  // namespace cloister::videobridge::conference
