#include "world/jingle_session.h"

#include "base/assert.h"
#include "videobridge/conference/colibri/media_description.h"
#include "videobridge/conference/colibri/transport_description.h"

namespace cloister::sim {
namespace {

namespace jingle = xmpp::jingle;

jingle::Content audio_content(const support::Participant& participant) {
  jingle::Content content{.kind = jingle::ContentKind::audio, .name = "audio", .has_description = true};
  if (participant.audio)
    content.sources.push_back({.ssrc = *participant.audio,
                               .name = support::audio_source(participant.endpoint),
                               .msid = participant.endpoint.expose() + "-audio a"});
  return content;
}

jingle::Content video_content(const support::Participant& participant) {
  jingle::Content content{.kind = jingle::ContentKind::video, .name = "video", .has_description = true};
  const auto add = [&](Ssrc ssrc) {
    content.sources.push_back({.ssrc = ssrc,
                               .name = support::video_source(participant.endpoint),
                               .msid = participant.endpoint.expose() + "-video v"});
  };
  xmpp::SourceGroup simulcast{.semantics = "SIM"};
  for (const auto& [ssrc, rtx] : participant.video) {
    add(ssrc);
    simulcast.ssrcs.push_back(ssrc);
    if (!rtx) continue;
    add(*rtx);
    content.groups.push_back({
        .semantics = "FID", .ssrcs = {ssrc, *rtx}
    });
  }
  if (simulcast.ssrcs.size() > 1) content.groups.push_back(std::move(simulcast));
  return content;
}

}  // namespace

std::map<EndpointId, OtherSources> sources_in(const jingle::Jingle& message) {
  std::map<EndpointId, OtherSources> out;
  if (!message.json_sources) return out;
  for (const auto& [owner, owned] : *message.json_sources) {
    OtherSources& sources = out[EndpointId(owner)];
    if (!owned.audio.empty()) sources.audio = owned.audio.front().ssrc;
    if (!owned.video.empty()) sources.video = owned.video.front().ssrc;
    for (const xmpp::SourceGroup& group : owned.video_groups)
      if (group.semantics == "FID" && group.ssrcs.front() == sources.video)
        sources.video_rtx = group.ssrcs.back();
  }
  return out;
}

videobridge::transport::ExtensionIds encrypted_extensions_in(const jingle::Jingle& offer) {
  videobridge::conference::NegotiatedMedia negotiated;
  for (const jingle::Content& content : offer.contents)
    negotiated.add({.kind = MediaKind::audio, .header_extensions = content.header_extensions});
  return negotiated.encrypted_extensions;
}

const xmpp::IceUdpTransport& transport_in(const jingle::Jingle& offer) {
  ASSERT(!offer.contents.empty() && offer.contents.front().transport);
  return *offer.contents.front().transport;
}

jingle::Jingle accept(const jingle::Jingle& offer, const support::Participant& participant,
                      const videobridge::transport::LocalDescription& local) {
  jingle::Jingle out{
      .action = jingle::Action::session_accept, .action_text = "session-accept", .sid = offer.sid};
  out.contents = {audio_content(participant), video_content(participant)};
  out.contents.front().transport = videobridge::conference::to_signalling(local, "");
  return out;
}

}  // namespace cloister::sim
