// What a focus asks of the bridge for one participant of ours, with the codecs and extensions of its offers
// (protocol/focus.md §5, bridge.md §2). For simulated participants and for load.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "support/call/rtp_stream.h"
#include "videobridge/conference/conference_table.h"
#include "videobridge/transport/model/description.h"
#include "xmpp/colibri2.h"

namespace cloister::support {

inline constexpr std::uint8_t kOpus = 111;
inline constexpr std::uint8_t kVp8 = 100;
inline constexpr std::uint8_t kVp8Rtx = 96;

enum class TransportCc : bool { no, yes };
// Ids in these requests.
constexpr Extensions extensions(TransportCc feedback) {
  return {.audio_level = 1, .transport_cc = feedback == TransportCc::yes ? std::uint8_t{5} : std::uint8_t{0}};
}

// One participant as the focus knows it.
struct Participant {
  MeetingId meeting;
  EndpointId endpoint;
  TransportCc feedback = TransportCc::yes;
  bool data_channel = false;
  std::optional<Ssrc> audio{};  // source "<endpoint>-a0"
  struct Encoding {
    Ssrc ssrc{};
    std::optional<Ssrc> rtx{};
  };
  std::vector<Encoding> video{};  // source "<endpoint>-v0", low → high
};

SourceName audio_source(const EndpointId& endpoint);
SourceName video_source(const EndpointId& endpoint);

// Creates the endpoint, and the conference with the first; the answer carries the bridge's transport.
enum class CreateConference : bool { no, yes };
xmpp::colibri2::ConferenceModify create_endpoint(const Participant& participant, CreateConference conference);
// Its answer: its transport and what it sends.
xmpp::colibri2::ConferenceModify accept(const Participant& participant,
                                        const videobridge::transport::LocalDescription& local);
xmpp::colibri2::ConferenceModify expire_endpoint(const MeetingId& meeting, const EndpointId& endpoint);

// The parts of a bridge channel's URL, "<base>/<conference>/<endpoint>?pwd=<password>" (protocol/bridge.md
// §8.1). Views into `url`.
std::optional<videobridge::conference::ChannelAddress> channel_address(std::string_view url);

// ReceiverVideoConstraints for everybody; without such a message a receiver is sent no video.
std::string ask_for_height(int height);

}  // namespace cloister::support
