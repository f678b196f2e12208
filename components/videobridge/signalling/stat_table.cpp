#include "videobridge/signalling/stat_table.h"

#include <array>

namespace cloister::videobridge::signalling {
namespace {

using conference::Counters;
using conference::Headcount;
using enum StatKind;

template <auto kMember>
std::int64_t read(const Counters& c) {
  return static_cast<std::int64_t>((c.*kMember).value());
}

template <Headcount kHead>
std::int64_t count(const Counters& c) {
  return c.headcounts[static_cast<std::size_t>(kHead)].value();
}

// Unaligned: aligned rows would be two screens wide.
// clang-format off
constexpr std::array kTable{
    // What is
    Stat{"conferences", "conferences", gauge, "Conferences now.", read<&Counters::conferences>},
    Stat{"endpoints", "current_endpoints", gauge, "Participants now.", read<&Counters::endpoints>},
    Stat{"participants", "", gauge, "", read<&Counters::endpoints>},
    Stat{"local_endpoints", "local_endpoints",
         gauge, "Participants of this bridge now.", read<&Counters::endpoints>},
    Stat{"local_active_endpoints", "local_active_endpoints",
         gauge, "Participants connected and not silent.", count<Headcount::local_active_endpoints>},
    Stat{"visitors", "current_visitors", gauge, "Visitors now.", count<Headcount::visitors>},
    Stat{"receive_only_endpoints", "receive_only_endpoints",
         gauge, "Participants that send no media.", count<Headcount::receive_only_endpoints>},
    Stat{"inactive_endpoints", "inactive_endpoints",
         gauge, "Participants silent for more than 8 s.", read<&Counters::inactive_endpoints>},
    Stat{"inactive_conferences", "inactive_conferences",
         gauge, "Conferences in which nobody sends.", count<Headcount::inactive_conferences>},
    Stat{"endpoints_sending_audio", "endpoints_sending_audio",
         gauge, "Participants that send audio.", count<Headcount::endpoints_sending_audio>},
    Stat{"endpoints_sending_video", "endpoints_sending_video",
         gauge, "Participants that send video.", count<Headcount::endpoints_sending_video>},
    Stat{"endpoints_with_high_outgoing_loss", "endpoints_with_high_outgoing_loss",
         gauge, "Participants that lose more than a tenth of what they are sent.", count<Headcount::endpoints_with_high_outgoing_loss>},
    Stat{"endpoints_with_suspended_sources", "endpoints_with_suspended_sources",
         gauge, "Participants for whose video there is not enough bandwidth.", count<Headcount::endpoints_with_suspended_sources>},
    Stat{"num_eps_oversending", "endpoints_oversending",
         gauge, "Participants sent more than their estimated bandwidth.", count<Headcount::num_eps_oversending>},
    Stat{"octo_endpoints", "relayed_endpoints",
         gauge, "Participants of other bridges in our conferences.", read<&Counters::relayed_endpoints>},
    Stat{"", "relays", gauge, "Paths to other bridges now.", read<&Counters::relays>},
    // What was
    Stat{"total_conferences_created", "conferences_created",
         counter, "Conferences created.", read<&Counters::conferences_created>},
    Stat{"total_conferences_completed", "conferences_completed",
         counter, "Conferences ended.", read<&Counters::conferences_completed>},
    Stat{"total_conference_seconds", "conference_seconds",
         counter, "Duration of ended conferences.", read<&Counters::conference_seconds>},
    Stat{"total_participants", "endpoints", counter, "Participants created.", read<&Counters::participants>},
    Stat{"total_visitors", "visitors", counter, "Visitors created.", read<&Counters::visitors>},
    Stat{"total_ice_succeeded", "ice_succeeded",
         counter, "Participants that got connected.", read<&Counters::ice_succeeded>},
    Stat{"total_ice_failed", "ice_failed",
         counter, "Participants that ICE found no path to.", read<&Counters::ice_failed>},
    Stat{"endpoints_ice_failed", "", counter, "", read<&Counters::ice_failed>},
    Stat{"dtls_failed_endpoints", "endpoints_dtls_failed",
         counter, "Participants whose DTLS handshake failed.", read<&Counters::dtls_failed_endpoints>},
    Stat{"num_eps_no_msg_transport_after_delay", "endpoints_no_message_transport_after_delay",
         counter, "Participants without a bridge channel 30 s after they got connected.", read<&Counters::num_eps_no_msg_transport_after_delay>},
    Stat{"endpoints_disconnected", "endpoints_disconnected",
         counter, "Participants that fell silent.", read<&Counters::endpoints_disconnected>},
    Stat{"endpoints_reconnected", "endpoints_reconnected",
         counter, "Participants that came back from silence.", read<&Counters::endpoints_reconnected>},
    Stat{"", "endpoints_expired",
         counter, "Participants that ended without the focus asking.", read<&Counters::endpoints_expired>},
    Stat{"endpoints_with_spurious_remb", "endpoints_with_spurious_remb",
         counter, "Participants that sent REMB although transport feedback was agreed upon.", read<&Counters::endpoints_with_spurious_remb>},
    Stat{"total_keyframes_received", "keyframes_received",
         counter, "Key frames received.", read<&Counters::key_frames_received>},
    Stat{"", "keyframe_requests_received",
         counter, "PLI and FIR from receivers.", read<&Counters::key_frame_requests_received>},
    Stat{"", "keyframe_requests_sent",
         counter, "PLI and FIR to senders.", read<&Counters::key_frame_requests_sent>},
    Stat{"total_layering_changes_received", "layering_changes_received",
         counter, "Changes of the layers that senders send.", read<&Counters::layering_changes_received>},
    Stat{"total_video_stream_milliseconds_received", "video_milliseconds_received",
         counter, "Time of video received, all encodings.", read<&Counters::video_stream_milliseconds_received>},
    Stat{"tcc_unmatched_feedback", "tcc_unmatched_feedback",
         counter, "Packets in transport feedback that we do not remember.", read<&Counters::tcc_unmatched_feedback>},
    Stat{"total_dominant_speaker_changes", "dominant_speaker_changes",
         counter, "Changes of the dominant speaker.", read<&Counters::dominant_speaker_changes>},
    Stat{"total_data_channel_messages_received", "data_channel_messages_received",
         counter, "Bridge channel messages received by data channel.", read<&Counters::data_channel_messages_received>},
    Stat{"total_data_channel_messages_sent", "data_channel_messages_sent",
         counter, "Bridge channel messages sent by data channel.", read<&Counters::data_channel_messages_sent>},
    Stat{"total_colibri_web_socket_messages_received", "colibri_web_socket_messages_received",
         counter, "Bridge channel messages received by WebSocket.", read<&Counters::colibri_web_socket_messages_received>},
    Stat{"total_colibri_web_socket_messages_sent", "colibri_web_socket_messages_sent",
         counter, "Bridge channel messages sent by WebSocket.", read<&Counters::colibri_web_socket_messages_sent>},
    Stat{"total_packets_received", "packets_received",
         counter, "RTP and RTCP packets received.", read<&Counters::packets_received>},
    Stat{"total_packets_sent", "packets_sent",
         counter, "RTP and RTCP packets sent.", read<&Counters::packets_sent>},
    Stat{"total_bytes_received", "bytes_received",
         counter, "Bytes of RTP and RTCP received.", read<&Counters::bytes_received>},
    Stat{"total_bytes_sent", "bytes_sent",
         counter, "Bytes of RTP and RTCP sent.", read<&Counters::bytes_sent>},
    Stat{"", "packets_retransmitted",
         counter, "RTP packets sent again.", read<&Counters::packets_retransmitted>},
    Stat{"", "packets_received_lost",
         counter, "RTP packets of participants that did not arrive at once.", read<&Counters::incoming_lost>},
    Stat{"", "packets_sent_lost",
         counter, "RTP packets that did not arrive, as transport feedback says.", read<&Counters::outgoing_lost>},
    Stat{"total_relays", "relays_created", counter, "Paths to other bridges created.", read<&Counters::relays_created>},
    Stat{"relays_ice_failed", "relays_ice_failed",
         counter, "Other bridges that ICE found no path to.", read<&Counters::relays_ice_failed>},
    Stat{"dtls_failed_relays", "relays_dtls_failed",
         counter, "Other bridges whose DTLS handshake failed.", read<&Counters::dtls_failed_relays>},
    Stat{"total_packets_received_octo", "relay_packets_received",
         counter, "RTP and RTCP packets from other bridges.", read<&Counters::packets_received_relay>},
    Stat{"total_packets_sent_octo", "relay_packets_sent",
         counter, "RTP and RTCP packets to other bridges.", read<&Counters::packets_sent_relay>},
    Stat{"total_bytes_received_octo", "relay_bytes_received",
         counter, "Bytes of RTP and RTCP from other bridges.", read<&Counters::bytes_received_relay>},
    Stat{"total_bytes_sent_octo", "relay_bytes_sent",
         counter, "Bytes of RTP and RTCP to other bridges.", read<&Counters::bytes_sent_relay>},
    Stat{"", "relay_messages_received",
         counter, "Messages from other bridges.", read<&Counters::relay_messages_received>},
    Stat{"", "relay_messages_sent",
         counter, "Messages to other bridges.", read<&Counters::relay_messages_sent>},
    Stat{"", "colibri_connects_ignored",
         counter, "Requests for media export.", read<&Counters::connects_ignored>},
};
// clang-format on

// What the media path does not do or tell.
constexpr std::array<std::string_view, 10> kWithoutMeaning{
    "p2p_conferences",
    "octo_conferences",
    "octo_receive_bitrate",
    "octo_send_bitrate",
    "octo_receive_packet_rate",
    "octo_send_packet_rate",
    "num_relays_no_msg_transport_after_delay",
    "total_ice_succeeded_relayed",
    "preemptive_kfr_sent",
    "preemptive_kfr_suppressed",
};

}  // namespace

std::span<const Stat> stat_table() { return kTable; }
std::span<const std::string_view> keys_without_meaning() { return kWithoutMeaning; }

}  // namespace cloister::videobridge::signalling
