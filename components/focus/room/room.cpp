#include "focus/room/room.h"

#include <algorithm>
#include <charconv>

#include "focus/room/sending_rights.h"

namespace cloister::focus::room {
namespace {

using rights::Right;
using xmpp::Affiliation;
using xmpp::ErrorCondition;

constexpr std::size_t kMaxEndpointId = 64;
constexpr std::size_t kMaxRegion = 64;

std::size_t number_or(const RequestProperties& properties, const char* name, std::size_t otherwise) {
  const auto found = properties.find(name);
  if (found == properties.end()) return otherwise;
  const std::string& text = found->second;
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc{} && end == text.data() + text.size() ? value : otherwise;
}

Calls::Answer refuse(ErrorCondition condition) { return fail(xmpp::StanzaError{.condition = condition}); }

Right right_to_mute(xmpp::Mute::What what) {
  switch (what) {
    case xmpp::Mute::What::audio: return Right::mute_others;
    case xmpp::Mute::What::video: return Right::stop_cameras;
    case xmpp::Mute::What::desktop: break;
  }
  return Right::control_sharing;
}

}  // namespace

bool is_endpoint_id(const EndpointId& nick) {
  const std::string& text = nick.expose();
  const auto allowed = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
  };
  return !text.empty() && text.size() <= kMaxEndpointId && std::ranges::all_of(text, allowed) &&
         text != kFeedbackOwner && text != "focus";
}

Room::Room(Environment environment, xmpp::Jid room, xmpp::Jid focus, RequestProperties properties, Port& port)
    : environment_(std::move(environment)),
      settings_(environment_.settings),
      port_(port),
      conference_{.room = std::move(room), .focus = std::move(focus)},
      ownership_(settings_.owner_grace),
      hosts_(settings_.hosts),
      crowd_(settings_.crowd),
      calls_(conference_, settings_, environment_.bridges, environment_.clock, environment_.counters, port,
             [this] { publish(); }) {
  calls_.start_muted = {.audio_from = number_or(properties, "startAudioMuted", SIZE_MAX),
                        .video_from = number_or(properties, "startVideoMuted", SIZE_MAX)};
  conference_.rtcstats = properties["rtcstatsEnabled"] != "false";
  environment_.counters.conferences_created.add();
  environment_.counters.conferences.add(1);
}

Room::~Room() {
  environment_.counters.conferences.add(-1);
  environment_.counters.participants_current.add(-static_cast<std::int64_t>(members_.size()));
}

void Room::on_request() {
  if (state_ == State::open && members_.empty() && kept_ == Kept::no)
    nobody_came_at_ = environment_.clock.now() + settings_.initial_timeout;
}

void Room::on_joined(MeetingId meeting) {
  if (state_ != State::opening) return;
  state_ = State::open;
  conference_.meeting = std::move(meeting);
  publish();
  on_request();
  for (const auto& [id, member] : members_) make_caller(id, member);
  if (!members_.empty()) react();
}

// Members

void Room::on_occupant(const xmpp::MucPresence& presence) {
  if (state_ == State::over || !is_endpoint_id(presence.nick)) return;
  if (presence.available) {
    update_member(presence);
  } else {
    remove_member(presence.nick, presence.status_text == "switch_room");
  }
}

void Room::update_member(const xmpp::MucPresence& presence) {
  auto found = members_.find(presence.nick);
  const bool came = found == members_.end();
  if (came) {
    if (members_.size() >= settings_.max_members) return;
    found = members_.emplace(presence.nick, Member{.order = ++last_order_}).first;
    environment_.counters.participants.add();
    environment_.counters.participants_current.add(1);
  }
  Member& member = found->second;
  const rights::Role before = member.rights_role();
  member.occupant = presence.occupant;
  if (presence.real_jid) member.real_jid = presence.real_jid;
  member.affiliation = presence.affiliation;
  member.role = presence.role;
  member.caps = presence.caps;
  member.stats_id = presence.stats_id;
  if (presence.region.size() <= kMaxRegion) member.region = presence.region;
  const Sending sent_before = std::exchange(member.sending, sending(presence));
  muting_.on_sharing(presence.nick, member.sending.desktop);
  permit(presence.nick, member);
  if (member.affiliation == Affiliation::owner) ownership_.on_settled(presence.nick);
  if (state_ != State::open) return;
  if (came) make_caller(presence.nick, member);
  if (sent_before != member.sending) check_limits();
  if (came || before != member.rights_role()) react();
}

void Room::remove_member(const EndpointId& id, bool switching_room) {
  muting_.forget(id);
  if (members_.erase(id) == 0) return;
  environment_.counters.participants_current.add(-1);
  ownership_.on_settled(id);
  if (state_ != State::open) return;
  calls_.remove(id);
  if (members_.empty()) return on_empty(switching_room);
  check_limits();
  react();
}

// Who goes to a breakout room may be the last one here and come back (checklist 180, 181).
void Room::on_empty(bool switching_room) {
  if (kept_ == Kept::no && !switching_room) return stop();
  if (kept_ == Kept::no) nobody_came_at_ = environment_.clock.now() + settings_.initial_timeout;
  check_limits();
  if (!settings_.auto_owner) watch_the_hosts();
}

void Room::keep(Kept kept) {
  if (std::exchange(kept_, kept) == kept || state_ != State::open) return;
  if (!settings_.auto_owner) watch_the_hosts();
  if (!members_.empty()) return;
  nobody_came_at_.reset();
  if (kept == Kept::no) nobody_came_at_ = environment_.clock.now() + settings_.initial_timeout;
}

void Room::make_caller(const EndpointId& id, const Member& member) {
  nobody_came_at_.reset();
  calls_.add({.id = id, .stats_id = member.stats_id, .region = member.region},
             member.caps ? environment_.features.find(*member.caps) : std::nullopt);
}

void Room::on_discovered(const EndpointId& client, RequestId request, const xmpp::DiscoInfo* info) {
  const auto member = members_.find(client);
  if (info && member != members_.end() && member->second.caps)
    environment_.features.put(*member->second.caps, *info);
  if (state_ == State::open)
    calls_.on_features(request, info ? std::optional(features_of(*info)) : std::nullopt);
}

// What follows from who is there

void Room::react() {
  settings_.auto_owner ? elect() : watch_the_hosts();
  calls_.set_inviting(members_.size() >= settings_.min_participants);
  watch_the_last_one();
}

void Room::elect() {
  const bool has_owner = std::ranges::any_of(
      members_, [](const auto& entry) { return entry.second.affiliation == Affiliation::owner; });
  if (!ownership_.on_members(has_owner, environment_.clock.now())) return;
  const auto eligible = [](const auto& entry) { return entry.second.real_jid.has_value(); };
  auto chosen = members_.end();
  for (auto entry = members_.begin(); entry != members_.end(); ++entry)
    if (eligible(*entry) && (chosen == members_.end() || entry->second.order < chosen->second.order))
      chosen = entry;
  if (chosen == members_.end()) return;
  ownership_.on_elected(chosen->first);
  port_.grant_owner(chosen->first, chosen->second.real_jid->bare());
}

void Room::on_grant_refused(const EndpointId& member) {
  ownership_.on_refused(member, environment_.clock.now());
}

void Room::watch_the_hosts() {
  const bool led = kept_ == Kept::led || std::ranges::any_of(members_, [](const auto& entry) {
                     return rights::leads(entry.second.rights_role());
                   });
  hosts_.on_members(led, environment_.clock.now());
}

void Room::watch_the_last_one() {
  if (members_.size() >= settings_.min_participants || !calls_.any())
    alone_at_.reset();
  else if (!alone_at_)
    alone_at_ = environment_.clock.now() + settings_.single_participant_timeout;
}

void Room::check_limits() {
  const auto count = [this](bool Sending::*kind) {
    return static_cast<std::size_t>(
        std::ranges::count_if(members_, [kind](const auto& entry) { return entry.second.sending.*kind; }));
  };
  const bool audio = count(&Sending::audio) >= settings_.max_audio_senders;
  const bool video = count(&Sending::video) >= settings_.max_video_senders;
  if (audio == calls_.audio_limit_reached && video == calls_.video_limit_reached) return;
  calls_.audio_limit_reached = audio;
  calls_.video_limit_reached = video;
  publish();
}

void Room::publish() {
  if (state_ != State::open) return;
  xmpp::MucSelfPresence presence;
  presence.caps = environment_.caps;
  presence.versions = {
      {"focus", CLOISTER_VERSION}
  };
  presence.conference_properties = {
      {"support-terminate-restart", "true"                               },
      {"bridge-count",              std::to_string(calls_.bridge_count())}
  };
  if (calls_.audio_limit_reached) presence.conference_properties["audio-limit-reached"] = "true";
  if (calls_.video_limit_reached) presence.conference_properties["video-limit-reached"] = "true";
  if (policy_ != rights::kOpen) presence.conference_properties["policy"] = rights::write_policy(policy_);
  // For Prosody, which lets no more in, and for clients, which say why.
  if (crowd_.is_strict())
    presence.conference_properties["most-participants"] = std::to_string(settings_.crowd.most);
  presence.bridge_not_available = calls_.no_bridge();
  port_.publish(presence);
}

// From others

void Room::on_self(const xmpp::MucPresence& self) {
  if (self.affiliation != Affiliation::owner) stop();
}

Calls::Answer Room::on_mute(const EndpointId& from, const xmpp::Mute& mute) {
  const auto sender = members_.find(from);
  if (!mute.target) return refuse(ErrorCondition::bad_request);
  if (sender == members_.end()) return refuse(ErrorCondition::internal_server_error);
  const bool self = *mute.target == sender->second.occupant;
  if (!self && !may(from, right_to_mute(mute.what))) return refuse(ErrorCondition::not_allowed);
  const auto target =
      std::ranges::find(members_, *mute.target, [](const auto& entry) { return entry.second.occupant; });
  if (target == members_.end()) return refuse(ErrorCondition::internal_server_error);
  if (!self && !mute.muted) return refuse(ErrorCondition::not_allowed);  // nobody unmutes others
  if (!self) {
    // A host is not muted against its will.
    if (target->second.rights_role() == rights::Role::host) return refuse(ErrorCondition::not_allowed);
    muting_.mute(target->first, mute.what);
    port_.send_mute(target->first, {.what = mute.what, .muted = true, .actor = sender->second.occupant});
  } else if (!mute.muted && !muting_.unmute(from, mute.what)) {
    return refuse(ErrorCondition::not_allowed);
  }
  update_bridge(target->first);
  return xmpp::Empty{};
}

void Room::update_bridge(const EndpointId& member) {
  calls_.force_mute({
      {member, muting_.at_bridge(member)}
  });
}

void Room::restrain(const std::map<EndpointId, MaySend>& members) {
  ForceMutes mutes;
  for (const auto& [member, may] : members) {
    muting_.restrain(member, may);
    mutes.emplace(member, muting_.at_bridge(member));
  }
  calls_.force_mute(mutes);
}

void Room::ask_to_mute(const EndpointId& member, xmpp::Mute::What what) {
  if (members_.contains(member)) port_.send_mute(member, {.what = what, .muted = true});
}

Calls::Answer Room::on_jingle(const EndpointId& from, xmpp::jingle::Jingle jingle) {
  if (take_out(jingle, [&](Right right) { return may(from, right); }) &&
      jingle.action == xmpp::jingle::Action::source_add)
    return refuse(ErrorCondition::not_allowed);
  return calls_.on_jingle(from, jingle);
}

bool Room::on_crowd(const xmpp::Crowd& crowd) {
  if (state_ != State::open || !crowd_.on_arrivals(crowd.networks, environment_.clock.now())) return false;
  publish();
  return true;
}

// Rights

std::optional<rights::Role> Room::role_of(const EndpointId& member) const {
  const auto found = members_.find(member);
  if (found == members_.end()) return std::nullopt;
  return found->second.rights_role();
}

bool Room::may(const EndpointId& member, Right right) const {
  const auto role = role_of(member);
  return role && rights::may(*role, right, policy_);
}

void Room::permit(const EndpointId& id, const Member& member) {
  const auto allowed = [&](Right right) { return rights::may(member.rights_role(), right, policy_); };
  muting_.permit(id, {.audio = allowed(Right::microphone),
                      .video = allowed(Right::camera),
                      .desktop = allowed(Right::screen)});
  update_bridge(id);
}

Calls::Answer Room::change_policy(const EndpointId& by, const std::map<std::string, bool>& switches) {
  if (!may(by, Right::change_policy)) return refuse(ErrorCondition::not_allowed);
  adopt(rights::change(policy_, switches));
  return xmpp::Empty{};
}

void Room::adopt(const rights::Policy& policy) {
  if (std::exchange(policy_, policy) == policy) return;
  publish();
  for (const auto& [id, member] : members_) permit(id, member);
}

// The end, and time

void Room::stop() {
  if (state_ == State::over) return;
  state_ = State::over;
  calls_.stop();
  port_.on_over();
}

std::optional<TimePoint> Room::next_wakeup() const {
  if (state_ != State::open) return std::nullopt;
  return earlier(
      earlier(earlier(nobody_came_at_, alone_at_), earlier(hosts_.next_wakeup(), crowd_.next_wakeup())),
      earlier(ownership_.next_wakeup(), calls_.next_wakeup()));
}

void Room::on_wakeup() {
  if (state_ != State::open) return;
  const TimePoint now = environment_.clock.now();
  if (nobody_came_at_ && *nobody_came_at_ <= now) return stop();
  left_by_hosts_ = hosts_.is_over(now);
  if (left_by_hosts_) return stop();
  if (crowd_.on_wakeup(now)) publish();
  if (alone_at_ && *alone_at_ <= now) {
    alone_at_.reset();
    calls_.expire_all();
  }
  if (settings_.auto_owner) elect();
  calls_.on_wakeup();
}

}  // namespace cloister::focus::room
