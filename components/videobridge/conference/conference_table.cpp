#include "videobridge/conference/conference_table.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <utility>

#include "videobridge/conference/colibri/error.h"
#include "videobridge/conference/colibri/request.h"
#include "videobridge/conference/colibri_handler.h"
#include "videobridge/conference/relay_handler.h"

namespace cloister::videobridge::conference {
namespace {

using xmpp::ErrorCondition;
using xmpp::StanzaError;
using xmpp::colibri2::ConferenceModified;
using xmpp::colibri2::ConferenceModify;
using xmpp::colibri2::ErrorReason;

bool is_same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

ConferenceTable::ConferenceTable(const ShardEnvironment& environment) : environment_(environment) {}

ConferenceTable::~ConferenceTable() = default;

Conference* ConferenceTable::find(const MeetingId& meeting) {
  const auto found = conferences_.find(meeting);
  return found == conferences_.end() ? nullptr : found->second.get();
}

Result<ConferenceModified, StanzaError> ConferenceTable::modify(const ConferenceModify& request,
                                                                TimePoint now) {
  const ConferenceSettings& settings = environment_.settings;
  if (auto fault = find_fault(request, SctpAllowed{settings.sctp}, RelaysAllowed{!settings.relay_id.empty()}))
    return fail(std::move(*fault));
  const auto conference = find_or_create(request, now);
  if (!conference) return fail(conference.error());
  auto answer = ColibriHandler(**conference, settings, now).apply(request);
  if (answer) {
    RelayHandler relays(**conference, environment_.relay_ports, now);
    if (auto fault = relays.apply(request.relays, *answer)) answer = fail(std::move(*fault));
  }
  environment_.counters.connects_ignored.add(request.connects);
  const bool deserted = (*conference)->empty() && !(*conference)->has_relays();
  if (request.expire || (!request.create && deserted)) end(**conference, now);
  settle(now);
  note_largest();
  return answer;
}

void ConferenceTable::on_settings_changed(TimePoint now) {
  for (const auto& [meeting, conference] : conferences_) conference->on_limits_changed();
  settle(now);
}

void ConferenceTable::note_largest() {
  std::size_t largest = 0;
  for (const auto& [meeting, conference] : conferences_) largest = std::max(largest, conference->size());
  environment_.counters.largest_conference.set(static_cast<std::int64_t>(largest));
}

Result<Conference*, StanzaError> ConferenceTable::find_or_create(const ConferenceModify& request,
                                                                 TimePoint now) {
  Conference* known = find(request.meeting_id);
  if (!request.create) {
    if (known) return known;
    return fail(colibri_error(ErrorCondition::item_not_found, "unknown conference",
                              ErrorReason::conference_not_found));
  }
  if (known) {
    return fail(colibri_error(ErrorCondition::conflict, "the conference exists",
                              ErrorReason::conference_already_exists));
  }
  if (refusing_) {
    return fail(
        colibri_error(ErrorCondition::service_unavailable, "shutting down", ErrorReason::graceful_shutdown));
  }
  auto made = std::make_unique<Conference>(request.meeting_id, environment_, schedule_,
                                           static_cast<Conference::Port&>(*this), now);
  Conference* conference = made.get();
  by_id_.emplace(conference->id(), conference);
  conferences_.emplace(request.meeting_id, std::move(made));
  return conference;
}

void ConferenceTable::end(Conference& conference, TimePoint now) {
  using std::chrono::duration_cast, std::chrono::seconds;
  const auto lasted = duration_cast<seconds>(now - conference.created()).count();
  environment_.counters.conference_seconds.add(static_cast<std::uint64_t>(std::max<std::int64_t>(lasted, 0)));
  by_id_.erase(conference.id());
  const auto ended = conferences_.extract(conference.meeting());
  // Taking leave of its participants it may still call itself busy.
  ended.mapped().reset();
  std::erase(busy_, &conference);
  std::erase(over_, &conference);
}

void ConferenceTable::on_datagram(net::Packet packet, const net::Path& from, TimePoint now) {
  transport::Transport* transport = environment_.peers.on_datagram(std::move(packet), from, now);
  if (!transport) return;
  OwnedTransport::owner_of(*transport).touch();
}

void ConferenceTable::on_batch_end(TimePoint now) { settle(now); }

void ConferenceTable::on_wakeup(TimePoint now) {
  schedule_.run(now);
  while (!over_.empty()) {
    end(*over_.back(), now);
    note_largest();
  }
  settle(now);
}

void ConferenceTable::settle(TimePoint now) {
  // None becomes busy again while it settles, so the list does not grow under our feet.
  for (Conference* conference : busy_) conference->settle(now);
  busy_.clear();
}

Endpoint* ConferenceTable::find_channel(const ChannelAddress& address) const {
  const auto conference = by_id_.find(address.conference);
  if (conference == by_id_.end()) return nullptr;
  Endpoint* endpoint = conference->second->find(address.endpoint);
  return endpoint && is_same_secret(endpoint->password(), address.password) ? endpoint : nullptr;
}

bool ConferenceTable::on_web_socket_open(const ChannelAddress& address, WebSocketHandle handle,
                                         TimePoint now) {
  Endpoint* endpoint = find_channel(address);
  if (!endpoint) return false;
  if (const auto replaced = endpoint->channel().web_socket()) web_sockets_.erase(*replaced);
  web_sockets_[handle] = endpoint;
  endpoint->open_web_socket(handle, now);
  settle(now);
  return true;
}

void ConferenceTable::on_web_socket_text(WebSocketHandle handle, std::string_view text, TimePoint now) {
  const auto found = web_sockets_.find(handle);
  if (found == web_sockets_.end()) return;
  found->second->receive(MessageChannel::Kind::web_socket, text, now);
  settle(now);
}

void ConferenceTable::on_web_socket_closed(WebSocketHandle handle) {
  const auto found = web_sockets_.find(handle);
  if (found == web_sockets_.end()) return;
  found->second->channel().on_web_socket_closed(handle);
  web_sockets_.erase(found);
}

void ConferenceTable::on_endpoint_leaving(Endpoint& endpoint) {
  if (const auto handle = endpoint.channel().web_socket()) web_sockets_.erase(*handle);
}

}  // namespace cloister::videobridge::conference
