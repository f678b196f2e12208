#include "focus/rights/host_sessions.h"

#include <algorithm>

#include "base/random.h"

namespace cloister::focus::rights {
namespace {

constexpr std::size_t kMaxMachineUid = 256;

auto refuse(const char* text, bool session_invalid = false) {
  return fail(xmpp::StanzaError{
      .condition = xmpp::ErrorCondition::not_acceptable, .text = text, .session_invalid = session_invalid});
}

}  // namespace

HostSessions::HostSessions(Settings settings, const Clock& clock)
    : settings_(std::move(settings)), clock_(clock) {}

HostSessions::Answer HostSessions::identify(const xmpp::ConferenceRequest& request,
                                            const std::optional<xmpp::Jid>& from) {
  forget_idle(clock_.now());
  if (!request.session_id.expose().empty()) return resume(request);
  if (!from || from->domain() != settings_.host_domain || from->local().empty()) return std::nullopt;
  if (request.machine_uid.expose().empty() || request.machine_uid.expose().size() > kMaxMachineUid)
    return refuse("Missing mandatory attribute 'machine-uid'.");
  return begin(from->bare(), request.machine_uid);
}

HostSessions::Answer HostSessions::resume(const xmpp::ConferenceRequest& request) {
  const auto found = sessions_.find(request.session_id);
  if (found == sessions_.end()) return refuse("invalid session", true);
  if (found->second.machine_uid != request.machine_uid) return refuse("machine UID mismatch");
  found->second.last_shown = clock_.now();
  return Identity{.account = found->second.account, .session_id = found->first};
}

// One session for an account and a browser, however often it asks.
HostSessions::Answer HostSessions::begin(const Account& account, const Personal<std::string>& machine_uid) {
  for (auto& [id, session] : sessions_) {
    if (session.account != account || session.machine_uid != machine_uid) continue;
    session.last_shown = clock_.now();
    return Identity{.account = account, .session_id = id};
  }
  make_room();
  Personal<std::string> id(random_uuid());
  sessions_.emplace(id, Session{.account = account, .machine_uid = machine_uid, .last_shown = clock_.now()});
  return Identity{.account = account, .session_id = std::move(id)};
}

bool HostSessions::end(const Personal<std::string>& session_id) { return sessions_.erase(session_id) > 0; }

void HostSessions::forget_idle(TimePoint now) {
  std::erase_if(sessions_,
                [&](const auto& entry) { return now - entry.second.last_shown >= settings_.life; });
}

void HostSessions::make_room() {
  if (sessions_.size() < settings_.most) return;
  sessions_.erase(
      std::ranges::min_element(sessions_, {}, [](const auto& entry) { return entry.second.last_shown; }));
}

}  // namespace cloister::focus::rights
