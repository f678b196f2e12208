// Calls, the part that answers Jingle from clients (protocol/focus.md §4.5).
#include <algorithm>

#include "focus/room/calls.h"

namespace cloister::focus::room {

namespace jingle = xmpp::jingle;
using jingle::Action;
using xmpp::ErrorCondition;

namespace {

Calls::Answer refuse(ErrorCondition condition, const char* text = "") {
  return fail(xmpp::StanzaError{.condition = condition, .text = text});
}

Calls::Answer accepted() { return xmpp::Empty{}; }

const xmpp::IceUdpTransport* find_transport(const jingle::Jingle& jingle) {
  const auto found = std::ranges::find_if(
      jingle.contents, [](const jingle::Content& content) { return content.transport.has_value(); });
  return found == jingle.contents.end() ? nullptr : &*found->transport;
}

std::optional<int> initial_last_n(const jingle::Jingle& jingle) {
  for (const jingle::Content& content : jingle.contents)
    if (content.kind == jingle::ContentKind::video && content.initial_last_n) return content.initial_last_n;
  return std::nullopt;
}

bool names_other_session(const jingle::Jingle& jingle, const std::string& session) {
  return jingle.bridge_session && jingle.bridge_session->id != session;
}

}  // namespace

Calls::Answer Calls::on_jingle(const EndpointId& client, const jingle::Jingle& jingle) {
  counters_.jingle_received.add();
  if (jingle.action == Action::unknown)
    return refuse(jingle.action_text.empty() ? ErrorCondition::bad_request
                                             : ErrorCondition::feature_not_implemented);
  // Only the client's own session: another's sid is as unknown as an invented one (checklist 112, 113).
  Call* const call = find(client);
  if (!call || jingle.sid.empty()) return refuse(ErrorCondition::bad_request, "Unknown session.");
  if (jingle.sid == call->ended_sid) return answer_ended(jingle.action);
  if (jingle.sid != call->sid) return refuse(ErrorCondition::bad_request, "Unknown session.");
  switch (jingle.action) {
    case Action::session_accept: return accept(*call, jingle);
    case Action::source_add: return add_sources(*call, jingle);
    case Action::source_remove: return remove_sources(*call, jingle);
    case Action::transport_info: return take_transport(*call, jingle);
    case Action::session_info: return take_info(*call, jingle);
    case Action::session_terminate: return take_termination(*call, jingle);
    case Action::transport_reject: return accepted();
    case Action::session_initiate:
    case Action::transport_accept:
    case Action::unknown: break;
  }
  return refuse(ErrorCondition::feature_not_implemented);
}

// To a session that has ended or was replaced, the client not knowing yet.
Calls::Answer Calls::answer_ended(Action action) const {
  switch (action) {
    // A refused termination makes the client reload, and there is nothing left to refuse.
    case Action::session_terminate:
    case Action::transport_info:
    case Action::transport_reject: return accepted();
    case Action::source_add:
    case Action::source_remove:
    case Action::session_info: return refuse(ErrorCondition::item_not_found);
    case Action::session_accept: return refuse(ErrorCondition::gone, "session ended");
    default: return refuse(ErrorCondition::feature_not_implemented);
  }
}

Calls::Answer Calls::accept(Call& call, const jingle::Jingle& jingle) {
  const xmpp::IceUdpTransport* const transport = find_transport(jingle);
  if (!transport || call.state != CallState::offered) return refuse(ErrorCondition::bad_request);
  const std::string& owner = call.caller.id.expose();
  const auto added = sources_.add(owner, sources_in(jingle, owner));
  if (!added) {
    call.given_up = true;
    end_and_expire(call, TellOthers::no);
    return refuse(ErrorCondition::bad_request, text_of(added.error()));
  }
  call.move(CallEvent::accepted);
  counters_.accepted.add();
  update_bridge(call,
                {.transport = *transport,
                 .sources = sources_.of(owner),
                 .initial_last_n = initial_last_n(jingle),
                 .declined = declined_extensions(offered_media(*call.features, settings_.offer), jingle)});
  flush(call);
  tell_others(call.caller.id, Action::source_add, *added);
  return accepted();
}

void Calls::flush(Call& call) {
  const SourceChanges::Changes changes = call.changes.take();
  tell(call, Action::source_remove, changes.removed);
  tell(call, Action::source_add, changes.added);
}

Calls::Answer Calls::add_sources(Call& call, const jingle::Jingle& jingle) {
  const std::string& owner = call.caller.id.expose();
  jingle::OwnedSources sources = sources_in(jingle, owner);
  if (empty(sources)) return accepted();
  if ((audio_limit_reached && !sources.audio.empty()) || (video_limit_reached && !sources.video.empty()))
    return refuse(ErrorCondition::resource_constraint, "Too many senders.");
  const auto added = sources_.add(owner, std::move(sources));
  if (!added) return refuse(ErrorCondition::bad_request, text_of(added.error()));
  update_bridge(call, {.sources = sources_.of(owner)});
  tell_others(call.caller.id, Action::source_add, *added);
  return accepted();
}

Calls::Answer Calls::remove_sources(Call& call, const jingle::Jingle& jingle) {
  const std::string& owner = call.caller.id.expose();
  const auto removed = sources_.remove(owner, sources_in(jingle, owner));
  if (!removed) return refuse(ErrorCondition::bad_request, text_of(removed.error()));
  if (empty(*removed)) return accepted();
  update_bridge(call, {.sources = sources_.of(owner)});
  tell_others(call.caller.id, Action::source_remove, *removed);
  return accepted();
}

Calls::Answer Calls::take_transport(Call& call, const jingle::Jingle& jingle) {
  const xmpp::IceUdpTransport* const transport = find_transport(jingle);
  if (!transport) return refuse(ErrorCondition::bad_request);
  update_bridge(call, {.transport = *transport});
  return accepted();
}

Calls::Answer Calls::take_info(Call& call, const jingle::Jingle& jingle) {
  if (jingle.bridge_session && jingle.bridge_session->ice_restart) return restart_ice(call, jingle);
  if (jingle.ice_state != "failed" || !jingle.bridge_session || names_other_session(jingle, call.session))
    return accepted();
  counters_.ice_failed.add();
  reinvite_moved(call);
  return accepted();
}

// In place (protocol/focus.md §4.8): the bridge makes new credentials, the client answers with its own.
Calls::Answer Calls::restart_ice(Call& call, const jingle::Jingle& jingle) {
  if (names_other_session(jingle, call.session)) return refuse(ErrorCondition::item_not_found);
  if (!call.ice_restarts.take(clock_.now()))
    return refuse(ErrorCondition::resource_constraint, "rate-limited");
  counters_.ice_restarts.add();
  const BridgeSession& session = *find_session(call.session);
  ask_bridge(session, session.restart_ice(call.caller.id), Pending::Kind::ice_restart, call.caller.id);
  call.ice_restart = last_request_;
  return accepted();
}

void Calls::on_ice_restarted(Call& call, const xmpp::colibri2::ConferenceModified& answer) {
  call.ice_restart.reset();
  const auto endpoint =
      std::ranges::find(answer.endpoints, call.caller.id, &xmpp::colibri2::EndpointAnswer::id);
  if (endpoint == answer.endpoints.end() || !endpoint->transport || !endpoint->transport->ice) {
    return reinvite_moved(call);
  }
  const xmpp::IceUdpTransport& transport = *endpoint->transport->ice;
  // Without a generation the bridge kept what it had; one that was told already is told once.
  if (transport.ice_generation.value_or(0) <= call.ice_generation) return;
  call.ice_generation = *transport.ice_generation;
  counters_.jingle_sent.add();
  port_.send(call.caller.id, make_transport_info(call.sid, transport));
}

Calls::Answer Calls::take_termination(Call& call, const jingle::Jingle& jingle) {
  if (names_other_session(jingle, call.session)) return refuse(ErrorCondition::item_not_found);
  const bool restart = jingle.bridge_session && jingle.bridge_session->restart.value_or(false);
  if (!restart) {
    call.given_up = true;
    end_and_expire(call, TellOthers::yes);
    return accepted();
  }
  counters_.restarts_requested.add();
  if (!call.restarts.take(clock_.now())) {
    call.given_up = true;
    end_and_expire(call, TellOthers::yes);
    return refuse(ErrorCondition::resource_constraint, "rate-limited");
  }
  reinvite(call, TellOthers::yes);
  return accepted();
}

}  // namespace cloister::focus::room
