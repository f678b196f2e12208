// What services say, as the JSON that clients know (protocol/focus.md §1.6, §7.3; client.md §18, §21).
#pragma once

#include "focus/services/av_moderation.h"
#include "focus/services/breakout_rooms.h"
#include "focus/services/polls.h"
#include "focus/services/room_metadata.h"
#include "focus/services/speaker_statistics.h"

namespace cloister::focus::signalling {

using JsonText = Personal<std::string>;

JsonText write_json(const xmpp::Jid& room, const services::Moderated& moderated);
JsonText write_json(const xmpp::Jid& room, const services::AllowList& list);
JsonText write_json(const xmpp::Jid& room, const services::Verdict& verdict);

JsonText write_json(const services::RoomMetadata& metadata);

// Times in milliseconds.
JsonText write_json(const std::map<EndpointId, services::SpeakerStatistics::Total>& totals);

JsonText write_new_poll(const services::Poll& poll);
JsonText write_poll_answer(const services::Poll& poll, const EndpointId& voter);
JsonText write_old_polls(const std::vector<services::Poll>& polls);

JsonText write_json(const services::BreakoutRooms& rooms);
JsonText write_move(const xmpp::Jid& room);

}  // namespace cloister::focus::signalling
