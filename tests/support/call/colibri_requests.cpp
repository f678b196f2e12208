#include "support/call/colibri_requests.h"

#include <fmt/core.h>

#include "videobridge/conference/colibri/transport_description.h"

namespace cloister::support {
namespace {

using namespace xmpp::colibri2;
using xmpp::RtcpFeedback;

constexpr const char* kAudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
constexpr const char* kTransportCc =
    "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";

std::vector<Media> media(TransportCc feedback) {
  xmpp::PayloadType opus{.id = kOpus, .name = "opus", .clockrate = 48000, .channels = 2};
  xmpp::PayloadType vp8{.id = kVp8, .name = "VP8", .clockrate = 90000};
  vp8.feedback = {
      {"nack", ""   },
      {"nack", "pli"},
      {"ccm",  "fir"}
  };
  xmpp::PayloadType rtx{.id = kVp8Rtx, .name = "rtx", .clockrate = 90000};
  rtx.parameters = {
      {"apt", std::to_string(kVp8)}
  };
  const Extensions ids = extensions(feedback);
  std::vector<xmpp::HeaderExtension> audio_extensions{
      {ids.audio_level, kAudioLevel}
  };
  std::vector<xmpp::HeaderExtension> video_extensions;
  if (feedback == TransportCc::yes) {
    opus.feedback.push_back({"transport-cc", ""});
    vp8.feedback.push_back({"transport-cc", ""});
    audio_extensions.push_back({ids.transport_cc, kTransportCc});
    video_extensions.push_back({ids.transport_cc, kTransportCc});
  }
  return {
      {.kind = MediaKind::audio, .payload_types = {opus},     .header_extensions = audio_extensions},
      {.kind = MediaKind::video, .payload_types = {vp8, rtx}, .header_extensions = video_extensions}
  };
}

MediaSource video(const Participant& participant) {
  MediaSource source{.kind = MediaKind::video, .id = video_source(participant.endpoint)};
  xmpp::SourceGroup simulcast{.semantics = "SIM"};
  for (const auto& [ssrc, rtx] : participant.video) {
    source.sources.push_back({.ssrc = ssrc, .name = source.id});
    simulcast.ssrcs.push_back(ssrc);
    if (!rtx) continue;
    source.sources.push_back({.ssrc = *rtx, .name = source.id});
    source.groups.push_back({
        .semantics = "FID", .ssrcs = {ssrc, *rtx}
    });
  }
  if (simulcast.ssrcs.size() > 1) source.groups.push_back(std::move(simulcast));
  return source;
}

ConferenceModify request(const MeetingId& meeting, Endpoint endpoint) {
  ConferenceModify out{.meeting_id = meeting};
  out.endpoints.push_back(std::move(endpoint));
  return out;
}

}  // namespace

SourceName audio_source(const EndpointId& endpoint) { return SourceName(endpoint.expose() + "-a0"); }
SourceName video_source(const EndpointId& endpoint) { return SourceName(endpoint.expose() + "-v0"); }

ConferenceModify create_endpoint(const Participant& participant, CreateConference conference) {
  Endpoint endpoint{.id = participant.endpoint, .create = true};
  endpoint.capabilities = {"source-names"};
  endpoint.media = media(participant.feedback);
  endpoint.transport = Transport{.ice_controlling = true};
  if (participant.data_channel) endpoint.transport->sctp = Sctp{};
  ConferenceModify out = request(participant.meeting, std::move(endpoint));
  out.create = conference == CreateConference::yes;
  if (out.create) out.name = Personal<std::string>("room@conference.test");
  return out;
}

ConferenceModify accept(const Participant& participant,
                        const videobridge::transport::LocalDescription& local) {
  Endpoint endpoint{.id = participant.endpoint};
  endpoint.transport = Transport{.ice = videobridge::conference::to_signalling(local, "")};
  endpoint.sources.emplace();
  if (participant.audio) {
    const SourceName name = audio_source(participant.endpoint);
    endpoint.sources->push_back(
        {.kind = MediaKind::audio, .id = name, .sources = {{.ssrc = *participant.audio, .name = name}}});
  }
  if (!participant.video.empty()) endpoint.sources->push_back(video(participant));
  return request(participant.meeting, std::move(endpoint));
}

ConferenceModify expire_endpoint(const MeetingId& meeting, const EndpointId& endpoint) {
  return request(meeting, {.id = endpoint, .expire = true});
}

std::optional<videobridge::conference::ChannelAddress> channel_address(std::string_view url) {
  constexpr std::string_view kQuery = "?pwd=";
  const std::size_t query = url.find(kQuery);
  const std::size_t endpoint = url.substr(0, query).rfind('/');
  if (query == std::string_view::npos || endpoint == std::string_view::npos) return std::nullopt;
  const std::size_t conference = url.substr(0, endpoint).rfind('/');
  if (conference == std::string_view::npos) return std::nullopt;
  return videobridge::conference::ChannelAddress{
      .conference = url.substr(conference + 1, endpoint - conference - 1),
      .endpoint = url.substr(endpoint + 1, query - endpoint - 1),
      .password = url.substr(query + kQuery.size())};
}

std::string ask_for_height(int height) {
  return fmt::format(R"({{"colibriClass":"ReceiverVideoConstraints","lastN":-1,)"
                     R"("defaultConstraints":{{"maxHeight":{},"maxFrameRate":30}}}})",
                     height);
}

}  // namespace cloister::support
