#include "focus/room/offer.h"

#include <algorithm>
#include <bitset>

namespace cloister::focus::room {
namespace {

using xmpp::HeaderExtension;
using xmpp::PayloadType;
using xmpp::RtcpFeedback;
namespace jingle = xmpp::jingle;

constexpr std::uint8_t kOpus = 111;
constexpr std::uint8_t kRed = 112;
constexpr std::uint8_t kTelephoneEvent = 126;

struct VideoFormat {
  const char* name;
  std::uint8_t id;
  std::uint8_t rtx;
  // In one piece without a name for each: so clients know it.
  const char* profile;
};
constexpr VideoFormat format_of(VideoCodec codec) {
  switch (codec) {
    case VideoCodec::av1: return {"AV1", 41, 42, nullptr};
    case VideoCodec::vp9: return {"VP9", 101, 97, nullptr};
    case VideoCodec::vp8: return {"VP8", 100, 96, nullptr};
    case VideoCodec::h264: break;
  }
  return {"H264", 107, 99, "42e01f;level-asymmetry-allowed=1;packetization-mode=1;"};
}

// RFC 6464, draft-holmer-rmcat-transport-wide-cc-extensions-01, and libwebrtc's own ones.
const HeaderExtension kAudioLevel{1, "urn:ietf:params:rtp-hdrext:ssrc-audio-level"};
// Never beside the plain form: browsers then answer neither.
const HeaderExtension kEncryptedAudioLevel{
    1, "urn:ietf:params:rtp-hdrext:encrypt urn:ietf:params:rtp-hdrext:ssrc-audio-level"};
const HeaderExtension kAbsSendTime{3, "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"};
const HeaderExtension kTransportCc{
    5, "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"};
const HeaderExtension kDependencyDescriptor{
    11, "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension"};
const HeaderExtension kMid{10, "urn:ietf:params:rtp-hdrext:sdes:mid"};
const HeaderExtension kVideoOrientation{13, "urn:3gpp:video-orientation"};

const std::vector<RtcpFeedback> kRepair{
    {"ccm",  "fir"},
    {"nack", ""   },
    {"nack", "pli"}
};

PayloadType opus(const Features& features, const OfferSettings& settings) {
  PayloadType opus{
      .id = kOpus,
      .name = "opus",
      .clockrate = 48000,
      .channels = 2,
      .parameters = {{"minptime", "10"}, {"useinbandfec", "1"}}
  };
  // No usedtx: silence is sent like speech (decisions/0011).
  if (settings.constant_bitrate_audio) opus.parameters.push_back({"cbr", "1"});
  if (features.transport_cc) opus.feedback.push_back({"transport-cc", ""});
  return opus;
}

// RFC 2198: each packet carries the frame before, too. Preferred where the client can (first).
const PayloadType kRedundantOpus{.id = kRed,
                                 .name = "red",
                                 .clockrate = 48000,
                                 .channels = 2,
                                 .parameters = {{"", "111/111"}},
                                 .feedback = {}};

xmpp::colibri2::Media audio(const Features& features, const OfferSettings& settings) {
  xmpp::colibri2::Media media{.kind = MediaKind::audio, .extmap_allow_mixed = true};
  if (features.opus_red && settings.redundant_audio) media.payload_types.push_back(kRedundantOpus);
  media.payload_types.push_back(opus(features, settings));
  media.payload_types.push_back({.id = kTelephoneEvent, .name = "telephone-event", .clockrate = 8000});
  media.header_extensions = {settings.encrypt_audio_level ? kEncryptedAudioLevel : kAudioLevel};
  if (settings.mid) media.header_extensions.push_back(kMid);
  if (features.transport_cc) media.header_extensions.push_back(kTransportCc);
  return media;
}

PayloadType video_payload(const VideoFormat& codec, const Features& features) {
  PayloadType out{.id = codec.id, .name = codec.name, .clockrate = 90000, .feedback = kRepair};
  if (codec.profile != nullptr)
    out.parameters = {
        {"profile-level-id", codec.profile}
    };
  if (features.transport_cc)
    out.feedback.push_back({"transport-cc", ""});
  else if (features.remb)
    out.feedback.push_back({"goog-remb", ""});
  return out;
}

PayloadType retransmission(const VideoFormat& codec) {
  return {.id = codec.rtx,
          .name = "rtx",
          .clockrate = 90000,
          .parameters = {{"apt", std::to_string(codec.id)}},
          .feedback = kRepair};
}

xmpp::colibri2::Media video(const Features& features, const OfferSettings& settings) {
  xmpp::colibri2::Media media{.kind = MediaKind::video, .extmap_allow_mixed = true};
  for (const VideoCodec codec : settings.video_codecs)
    media.payload_types.push_back(video_payload(format_of(codec), features));
  for (const VideoCodec codec : settings.video_codecs)
    if (features.rtx) media.payload_types.push_back(retransmission(format_of(codec)));
  media.header_extensions.push_back(kDependencyDescriptor);
  if (settings.mid) media.header_extensions.push_back(kMid);
  if (settings.video_orientation) media.header_extensions.push_back(kVideoOrientation);
  media.header_extensions.push_back(kAbsSendTime);
  if (features.transport_cc) media.header_extensions.push_back(kTransportCc);
  return media;
}

jingle::Content media_content(const xmpp::colibri2::Media& media, const xmpp::IceUdpTransport& transport) {
  const bool is_audio = media.kind == MediaKind::audio;
  jingle::Content content{.kind = is_audio ? jingle::ContentKind::audio : jingle::ContentKind::video,
                          .name = is_audio ? "audio" : "video",
                          .creator = "initiator",
                          .has_description = true};
  if (is_audio) content.max_ptime = 60;
  content.payload_types = media.payload_types;
  content.header_extensions = media.header_extensions;
  content.extmap_allow_mixed = media.extmap_allow_mixed;
  content.rtcp_mux = true;
  content.transport = transport;
  return content;
}

jingle::Content data_content(const OfferParts& parts) {
  jingle::Content content{
      .kind = jingle::ContentKind::data, .name = "data", .creator = "initiator", .has_description = true};
  content.transport = parts.transport;
  content.transport->sctp_port = parts.sctp_port;
  return content;
}

void append(jingle::Content& content, const std::string& owner, const std::vector<xmpp::Source>& sources,
            const std::vector<xmpp::SourceGroup>& groups) {
  for (xmpp::Source source : sources) {
    source.owner = owner;
    content.sources.push_back(std::move(source));
  }
  content.groups.insert(content.groups.end(), groups.begin(), groups.end());
}

// XML form: every owner's sources in the content of their kind.
void put_into_contents(const SourceMap& sources, std::vector<jingle::Content>& contents) {
  for (jingle::Content& content : contents)
    for (const auto& [owner, owned] : sources) {
      if (content.kind == jingle::ContentKind::audio) append(content, owner, owned.audio, owned.audio_groups);
      if (content.kind == jingle::ContentKind::video) append(content, owner, owned.video, owned.video_groups);
    }
}

}  // namespace

std::vector<xmpp::colibri2::Media> offered_media(const Features& features, const OfferSettings& settings) {
  std::vector<xmpp::colibri2::Media> media;
  if (features.audio) media.push_back(audio(features, settings));
  if (features.video) media.push_back(video(features, settings));
  return media;
}

std::vector<xmpp::colibri2::Media> declined_extensions(const std::vector<xmpp::colibri2::Media>& offered,
                                                       const jingle::Jingle& answer) {
  std::bitset<256> listed;  // ids mean the same in audio and video
  std::size_t described = 0;
  for (const jingle::Content& content : answer.contents) {
    described += content.payload_types.empty() ? 0 : 1;
    for (const HeaderExtension& extension : content.header_extensions) listed.set(extension.id);
  }
  if (described < offered.size()) return {};
  std::vector<xmpp::colibri2::Media> declined;
  for (const xmpp::colibri2::Media& media : offered) {
    xmpp::colibri2::Media without{.kind = media.kind};
    for (HeaderExtension extension : media.header_extensions) {
      extension.declined = true;
      if (!listed.test(extension.id)) without.header_extensions.push_back(std::move(extension));
    }
    if (!without.header_extensions.empty()) declined.push_back(std::move(without));
  }
  return declined;
}

jingle::Jingle make_offer(const OfferParts& parts) {
  jingle::Jingle offer{
      .action = jingle::Action::session_initiate, .sid = parts.sid, .initiator = parts.initiator};
  for (const auto& media : parts.media) offer.contents.push_back(media_content(media, parts.transport));
  if (parts.data) offer.contents.push_back(data_content(parts));
  for (const auto& content : offer.contents) offer.bundle.push_back(content.name);
  offer.bridge_session = parts.bridge_session;
  if (parts.start_audio_muted || parts.start_video_muted) {
    offer.start_audio_muted = parts.start_audio_muted;
    offer.start_video_muted = parts.start_video_muted;
  }
  if (parts.json_sources)
    offer.json_sources = parts.sources;
  else
    put_into_contents(parts.sources, offer.contents);
  return offer;
}

jingle::Jingle make_transport_info(std::string sid, xmpp::IceUdpTransport transport) {
  jingle::Jingle info{.action = jingle::Action::transport_info, .sid = std::move(sid)};
  jingle::Content& content = info.contents.emplace_back();
  content.name = "audio";
  content.creator = "initiator";
  content.transport = std::move(transport);
  return info;
}

jingle::Jingle make_source_change(jingle::Action action, std::string sid, const SourceMap& sources,
                                  bool json_sources) {
  jingle::Jingle change{.action = action, .sid = std::move(sid)};
  if (json_sources) {
    change.json_sources = sources;
    return change;
  }
  change.contents = {
      {.kind = jingle::ContentKind::audio, .name = "audio", .creator = "initiator", .has_description = true},
      {.kind = jingle::ContentKind::video, .name = "video", .creator = "initiator", .has_description = true}
  };
  put_into_contents(sources, change.contents);
  std::erase_if(change.contents, [](const jingle::Content& content) { return content.sources.empty(); });
  return change;
}

}  // namespace cloister::focus::room
