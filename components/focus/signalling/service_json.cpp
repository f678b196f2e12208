#include "focus/signalling/service_json.h"

#include <array>
#include <boost/json.hpp>

namespace cloister::focus::signalling {

namespace json = boost::json;
using namespace services;

namespace {

const char* kind_text(MediaKindOf what) {
  constexpr std::array kNames{"audio", "video", "desktop"};
  return kNames.at(static_cast<std::size_t>(what));
}

JsonText text_of(const json::object& object) { return JsonText(json::serialize(object)); }

json::object av_moderation(const xmpp::Jid& room, MediaKindOf what) {
  return {
      {"type",      "av_moderation"     },
      {"room",      room.text_for_wire()},
      {"mediaType", kind_text(what)     }
  };
}

json::object poll_command(const char* command, const Poll& poll) {
  return {
      {"type",    "polls"         },
      {"command", command         },
      {"pollId",  poll.id.expose()}
  };
}

json::array voters(const Poll& poll, std::size_t option) {
  json::array who;
  for (const auto& [id, vote] : poll.votes) {
    if (!vote.choice.at(option)) continue;
    json::object& voter = who.emplace_back(json::object()).get_object();
    voter["id"] = id.expose();
    voter["name"] = vote.name.expose();
  }
  return who;
}

enum class Votes : bool { hidden, shown };

json::array options(const Poll& poll, Votes votes) {
  json::array answers;
  for (std::size_t i = 0; i < poll.options.size(); ++i) {
    json::object& answer = answers.emplace_back(json::object()).get_object();
    answer["name"] = poll.options[i].expose();
    if (votes == Votes::shown) answer["voters"] = voters(poll, i);
  }
  return answers;
}

const char* role_text(rights::Role role) {
  return rights::leads(role) ? "moderator" : role == rights::Role::viewer ? "visitor" : "participant";
}

json::object participants(const Roster& people) {
  json::object all;
  for (const auto& [id, person] : people.people()) {
    json::object& entry = all[person.occupant.text_for_wire()].emplace_object();
    entry["jid"] = person.address.text_for_wire();
    entry["role"] = role_text(person.role);
    entry["displayName"] = person.name.expose();
  }
  return all;
}

json::object room_entry(const xmpp::Jid& room, const Roster& people) {
  return {
      {"id",           std::string(room.local())},
      {"jid",          room.text_for_wire()     },
      {"participants", participants(people)     }
  };
}

}  // namespace

JsonText write_json(const xmpp::Jid& room, const Moderated& moderated) {
  json::object object = av_moderation(room, moderated.what);
  object["enabled"] = moderated.enabled;
  object["actor"] = moderated.actor.text_for_wire();
  return text_of(object);
}

JsonText write_json(const xmpp::Jid& room, const AllowList& list) {
  json::object object = av_moderation(room, list.what);
  json::object& lists = object["whitelists"].emplace_object();
  for (const xmpp::Jid& allowed : list.allowed) {
    json::value& kind = lists[kind_text(list.what)];
    if (!kind.is_array()) kind.emplace_array();
    kind.get_array().push_back(json::string(allowed.text_for_wire()));
  }
  if (list.removed) object["removed"] = true;
  return text_of(object);
}

JsonText write_json(const xmpp::Jid& room, const Verdict& verdict) {
  json::object object = av_moderation(room, verdict.what);
  object[verdict.approved ? "approved" : "removed"] = true;
  return text_of(object);
}

JsonText write_json(const RoomMetadata& metadata) {
  return JsonText("{\"type\":\"room_metadata\",\"metadata\":" + metadata.text().expose() + "}");
}

JsonText write_json(const std::map<EndpointId, SpeakerStatistics::Total>& totals) {
  json::object object;
  object["type"] = "speakerstats";
  json::object& users = object["users"].emplace_object();
  for (const auto& [id, total] : totals) {
    json::object& user = users[id.expose()].emplace_object();
    user["displayName"] = total.name.expose();
    user["totalDominantSpeakerTime"] =
        std::chrono::duration_cast<std::chrono::milliseconds>(total.spoken).count();
    user["faceLandmarks"].emplace_array();
  }
  return text_of(object);
}

JsonText write_new_poll(const Poll& poll) {
  json::object object = poll_command("new-poll", poll);
  object["senderId"] = poll.asker.id.expose();
  object["senderName"] = poll.asker.name.expose();
  object["question"] = poll.question.expose();
  object["answers"] = options(poll, Votes::hidden);
  return text_of(object);
}

JsonText write_poll_answer(const Poll& poll, const EndpointId& voter) {
  const Poll::Vote& vote = poll.votes.at(voter);
  json::object object = poll_command("answer-poll", poll);
  object["senderId"] = voter.expose();
  object["senderName"] = vote.name.expose();
  json::array& answers = object["answers"].emplace_array();
  for (const bool chosen : vote.choice) answers.push_back(chosen);
  return text_of(object);
}

JsonText write_old_polls(const std::vector<Poll>& polls) {
  json::object object;
  object["type"] = "polls";
  object["command"] = "old-polls";
  json::array& all = object["polls"].emplace_array();
  for (const Poll& poll : polls) {
    json::object& entry = all.emplace_back(json::object()).get_object();
    entry["pollId"] = poll.id.expose();
    entry["senderId"] = poll.asker.id.expose();
    entry["senderName"] = poll.asker.name.expose();
    entry["question"] = poll.question.expose();
    entry["answers"] = options(poll, Votes::shown);
  }
  return text_of(object);
}

JsonText write_json(const BreakoutRooms& breakouts) {
  json::object rooms;
  json::object main = room_entry(breakouts.main_room(), breakouts.main());
  main["isMainRoom"] = true;
  main["name"] = "";
  rooms[breakouts.main_room().local()] = std::move(main);
  for (const auto& [jid, room] : breakouts.rooms()) {
    json::object entry = room_entry(jid, room.people);
    entry["name"] = room.name.expose();
    rooms[jid.local()] = std::move(entry);
  }
  json::object object;
  object["type"] = "breakout_rooms";
  object["event"] = "features/breakout-rooms/update";
  object["roomCounter"] = breakouts.counter();
  object["rooms"] = std::move(rooms);
  return text_of(object);
}

JsonText write_move(const xmpp::Jid& room) {
  return text_of({
      {"type",    "breakout_rooms"                      },
      {"event",   "features/breakout-rooms/move-to-room"},
      {"roomJid", room.text_for_wire()                  }
  });
}

}  // namespace cloister::focus::signalling
