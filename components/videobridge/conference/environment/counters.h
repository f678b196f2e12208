// Anonymous totals of one shard's conferences, in the words of protocol/bridge.md §1.2 (there, counters carry
// the prefix `total_`). Written by the shard's thread, read by any.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/metrics.h"
#include "videobridge/media/model/drop.h"
#include "videobridge/transport/model/drop.h"

namespace cloister::videobridge::conference {

// Why a message of the bridge channel was not acted upon. The enumerator is the metric's label.
enum class MessageDrop : std::uint8_t {
  malformed,  // no JSON, no class, a field of the wrong kind, too long
  unknown,    // a class that we do not know
  refused,    // from somebody who may not send it, or to nobody
  too_many,   // over the sender's rate
  count_
};

constexpr std::string_view name(MessageDrop reason) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(MessageDrop::count_)> kNames{
      "malformed", "unknown", "refused", "too_many"};
  return kNames[static_cast<std::size_t>(reason)];
}

struct Counters {
  Gauge conferences;
  Gauge endpoints;           // = participants = local_endpoints
  Gauge inactive_endpoints;  // connection status "inactive"
  Gauge largest_conference;

  Counter conferences_created;
  Counter conferences_completed;
  Counter conference_seconds;  // of completed ones
  Counter participants;        // ever created
  Counter ice_succeeded;       // media keys agreed over a working path
  Counter ice_failed;
  Counter dtls_failed_endpoints;
  Counter endpoints_disconnected;  // became inactive
  Counter endpoints_reconnected;   // became active again
  Counter num_eps_no_msg_transport_after_delay;
  Counter endpoints_expired;  // by inactivity, without the focus asking

  Counter packets_received, bytes_received;  // decrypted RTP and RTCP
  Counter packets_sent, bytes_sent;
  Counter key_frame_requests_received;  // PLI and FIR from receivers
  Counter key_frame_requests_sent;
  Counter dominant_speaker_changes;
  Counter data_channel_messages_received, data_channel_messages_sent;
  Counter colibri_web_socket_messages_received, colibri_web_socket_messages_sent;

  transport::DropCounters<MessageDrop> message_drops;
  // By media::Drop; brought up to date twice a second.
  std::array<Counter, media::kDropReasons> media_drops;
};

}  // namespace cloister::videobridge::conference
