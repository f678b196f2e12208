// Anonymous totals of one shard's conferences, in the words of protocol/bridge.md §1.2 (there, counters carry
// the prefix `total_`). Written by the shard's thread, read by any.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "base/metrics.h"
#include "videobridge/transport/drop.h"

namespace cloister::videobridge::conference {

// Why something that arrived through a participant's transport went no further. The enumerator is the
// metric's label.
enum class Drop : std::uint8_t {
  malformed,          // no RTP or RTCP
  unknown_ssrc,       // not signalled by Colibri2
  force_muted,        // sent by a participant that a moderator muted
  visitor_media,      // visitors do not send
  key_frame_unowned,  // PLI or FIR for an SSRC that nobody owns
  message_malformed,  // bridge channel: not JSON, no class, a field of the wrong kind
  message_unknown,    // bridge channel: a class that we do not know
  message_refused,    // bridge channel: from somebody who may not send it, or to nobody
  message_too_many,   // bridge channel: over the sender's rate
  count_
};

constexpr std::string_view name(Drop reason) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(Drop::count_)> kNames{
      "malformed",         "unknown_ssrc",    "force_muted",     "visitor_media",   "key_frame_unowned",
      "message_malformed", "message_unknown", "message_refused", "message_too_many"};
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

  transport::DropCounters<Drop> drops;
};

}  // namespace cloister::videobridge::conference
