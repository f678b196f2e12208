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

// What conferences and their participants are doing just now; a shard's share, brought up to date twice a
// second (census.h). The names of §1.2, but for the last two.
enum class Headcount : std::uint8_t {
  local_active_endpoints,             // connected and not silent
  visitors,                           // receive and send nothing, by their role
  receive_only_endpoints,             // not visitors, but send neither
  endpoints_sending_audio,            // within the last 10 s
  endpoints_sending_video,            //
  endpoints_with_high_outgoing_loss,  // over 10 % of what we sent
  endpoints_with_suspended_sources,   // wanted, but there is no bandwidth
  num_eps_oversending,
  inactive_conferences,     // nobody in it sends
  round_trips,              // participants whose round trip is known,
  round_trip_milliseconds,  // and the sum of those
  video_streams,            // encodings that flow
  count_
};
inline constexpr std::size_t kHeadcounts = static_cast<std::size_t>(Headcount::count_);

// Conferences by how many are in them, and how many of those send: upper bounds; one more bucket beyond.
inline constexpr std::array<std::int64_t, 13> kConferenceSizes{0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 30, 50, 100};
struct ConferenceSizes {
  std::array<Gauge, kConferenceSizes.size() + 1> conferences;
  Gauge sum;
};

struct Counters {
  Gauge conferences;
  Gauge endpoints;           // = participants = local_endpoints
  Gauge inactive_endpoints;  // connection status "inactive"
  Gauge largest_conference;
  Gauge relays;             // paths to other bridges
  Gauge relayed_endpoints;  // participants behind them
  std::array<Gauge, kHeadcounts> headcounts;
  ConferenceSizes conferences_by_size, conferences_by_audio_sender, conferences_by_video_sender;

  Counter conferences_created;
  Counter conferences_completed;
  Counter conference_seconds;  // of completed ones
  Counter participants;        // ever created
  Counter visitors;            // of them
  Counter ice_succeeded;       // media keys agreed over a working path
  Counter ice_failed;
  Counter dtls_failed_endpoints;
  Counter endpoints_disconnected;  // became inactive
  Counter endpoints_reconnected;   // became active again
  Counter num_eps_no_msg_transport_after_delay;
  Counter endpoints_expired;  // by inactivity, without the focus asking

  Counter relays_created;
  Counter relays_ice_failed;
  Counter dtls_failed_relays;
  Counter packets_received_relay, bytes_received_relay;  // not among those below
  Counter packets_sent_relay, bytes_sent_relay;
  Counter relay_messages_received, relay_messages_sent;

  Counter packets_received, bytes_received;  // decrypted RTP and RTCP
  Counter packets_sent, bytes_sent;
  Counter key_frame_requests_received;  // PLI and FIR from receivers
  Counter key_frame_requests_sent;
  Counter key_frames_received;
  Counter layering_changes_received;
  Counter video_stream_milliseconds_received;
  Counter packets_retransmitted;
  Counter incoming_expected, incoming_lost;  // RTP packets of participants, before retransmission
  Counter outgoing_reported, outgoing_lost;  // of what we sent, as transport feedback says
  Counter tcc_unmatched_feedback;
  Counter endpoints_with_spurious_remb;  // sent although transport feedback was agreed upon
  Counter connects_ignored;              // requests for media export
  Counter dominant_speaker_changes;
  Counter data_channel_messages_received, data_channel_messages_sent;
  Counter colibri_web_socket_messages_received, colibri_web_socket_messages_sent;

  transport::DropCounters<MessageDrop> message_drops;
  // By media::Drop; brought up to date twice a second.
  std::array<Counter, media::kDropReasons> media_drops;
};

}  // namespace cloister::videobridge::conference
