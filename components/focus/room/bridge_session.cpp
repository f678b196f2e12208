#include "focus/room/bridge_session.h"

#include <algorithm>

#include "base/random.h"

namespace cloister::focus::room {

using Request = BridgeSession::Request;
using xmpp::colibri2::MediaSource;

namespace {

void append_media_sources(MediaKind kind, const std::vector<xmpp::Source>& sources,
                          const std::vector<xmpp::SourceGroup>& groups, std::vector<MediaSource>& to) {
  for (const xmpp::Source& source : sources) {
    auto found = std::ranges::find_if(
        to, [&](const MediaSource& one) { return one.kind == kind && one.id == source.name; });
    if (found == to.end()) found = to.insert(to.end(), MediaSource{.kind = kind, .id = source.name});
    found->sources.push_back(source);
    found->sources.back().msid.clear();
  }
  for (const xmpp::SourceGroup& group : groups)
    for (MediaSource& one : to)
      if (std::ranges::find(one.sources, group.ssrcs.front(), &xmpp::Source::ssrc) != one.sources.end())
        one.groups.push_back(group);
}

}  // namespace

BridgeSession::BridgeSession(xmpp::Jid bridge, ConferenceIdentity conference, std::string relay_id)
    : bridge_(std::move(bridge)),
      relay_id_(std::move(relay_id)),
      conference_(std::move(conference)),
      id_(random_uuid()) {}

Request BridgeSession::request() const {
  return {.meeting_id = conference_.meeting, .rtcstats_enabled = conference_.rtcstats};
}

Request BridgeSession::allocate(const Allocation& allocation) {
  Request modify = request();
  if (!std::exchange(created_, true)) {
    modify.create = true;
    modify.name = Personal<std::string>(conference_.room.text_for_wire());
  }
  xmpp::colibri2::Endpoint endpoint{
      .id = allocation.endpoint, .create = true, .stats_id = allocation.stats_id};
  endpoint.capabilities = {"source-names"};
  if (allocation.ssrc_rewriting) endpoint.capabilities.emplace_back("ssrc-rewriting");
  endpoint.media = allocation.media;
  // The client answers our offer, so the bridge controls ICE (checklist 97).
  endpoint.transport.emplace().ice_controlling = true;
  if (allocation.data) endpoint.transport->sctp.emplace();
  endpoint.sources.emplace();
  if (allocation.force_mute != xmpp::colibri2::ForceMute{}) endpoint.force_mute = allocation.force_mute;
  modify.endpoints.push_back(std::move(endpoint));
  endpoints_.insert(allocation.endpoint);
  return modify;
}

Request BridgeSession::update(const EndpointId& endpoint, Update update) const {
  Request modify = request();
  xmpp::colibri2::Endpoint& change = modify.endpoints.emplace_back();
  change.id = endpoint;
  change.media = std::move(update.declined);
  if (update.transport) change.transport.emplace().ice = std::move(update.transport);
  if (update.sources) change.sources = media_sources(*update.sources);
  change.initial_last_n = update.initial_last_n;
  return modify;
}

Request BridgeSession::force_mute(const ForceMutes& members) const {
  Request modify = request();
  for (const auto& [endpoint, mute] : members)
    modify.endpoints.push_back({.id = endpoint, .force_mute = mute});
  return modify;
}

Request BridgeSession::restart_ice(const EndpointId& endpoint) const {
  Request modify = request();
  xmpp::colibri2::Endpoint& change = modify.endpoints.emplace_back();
  change.id = endpoint;
  change.transport.emplace().ice_restart = true;
  return modify;
}

Request BridgeSession::expire(const EndpointId& endpoint) {
  endpoints_.erase(endpoint);
  if (holds_nobody()) return expire_all();
  Request modify = request();
  modify.endpoints.push_back({.id = endpoint, .expire = true});
  return modify;
}

Request BridgeSession::expire_all() {
  endpoints_.clear();
  Request modify = request();
  modify.expire = true;
  return modify;
}

std::vector<MediaSource> media_sources(const xmpp::jingle::OwnedSources& sources) {
  std::vector<MediaSource> all;
  append_media_sources(MediaKind::audio, sources.audio, sources.audio_groups, all);
  append_media_sources(MediaKind::video, sources.video, sources.video_groups, all);
  return all;
}

xmpp::jingle::OwnedSources feedback_sources(const std::vector<MediaSource>& sources) {
  xmpp::jingle::OwnedSources feedback;
  for (const MediaSource& one : sources)
    for (xmpp::Source source : one.sources) {
      const bool audio = one.kind == MediaKind::audio;
      if (source.name.expose().empty()) source.name = one.id;
      source.msid = audio ? "mixedmslabel mixedlabelaudio0" : "mixedmslabel mixedlabelvideo0";
      (audio ? feedback.audio : feedback.video).push_back(std::move(source));
    }
  return feedback;
}

}  // namespace cloister::focus::room
