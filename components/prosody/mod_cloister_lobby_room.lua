-- The waiting rooms, on the lobby's component. Who leads the meeting leads its lobby: sees who waits, talks with them, lets them in by
-- an invitation to the meeting, or turns them away (a kick here). Who waits sees nobody but those.

local jid = require "util.jid";
local meeting = module:require "cloister_meeting";
module:require "cloister_hidden";

local get_room = module:depends "muc".get_room_from_jid;
local meetings_host = assert(module:get_option_string("meetings_muc"), "meetings_muc is not set");

-- Affiliations are the meeting's.
local function affiliation_of(lobby, address)
	local room = lobby.cloister_meeting;
	local affiliation = room and room:get_affiliation(address);
	if affiliation == "owner" or affiliation == "admin" then
		return "owner";
	end
	return affiliation == "outcast" and "outcast" or nil;
end

local function leads(lobby, address)
	return affiliation_of(lobby, address) == "owner";
end

-- What one occupant's presence or words may reach: those who lead, and itself.
local function is_visible(lobby, stanza, reader)
	if stanza.name == "iq" or leads(lobby, reader) then
		return true;
	end
	local writer = lobby:get_occupant_by_nick(stanza.attr.from);
	return not writer or leads(lobby, writer.bare_jid) or writer.bare_jid == jid.bare(reader);
end

local function keep_apart(lobby)
	local plain = getmetatable(lobby).__index;
	function lobby:route_to_occupant(occupant, stanza)
		if is_visible(self, stanza, occupant.jid) then
			return plain.route_to_occupant(self, occupant, stanza);
		end
	end
	function lobby:route_stanza(stanza)
		if is_visible(self, stanza, stanza.attr.to) then
			return plain.route_stanza(self, stanza);
		end
	end
	lobby.get_affiliation = affiliation_of;
end

module:hook("muc-room-created", function(event)
	keep_apart(event.room);
end);

-- A meeting that keeps somebody out keeps it out of its lobby.
module:hook("muc-occupant-pre-join", function(event)
	local room = event.room.cloister_meeting;
	return room and prosody.hosts[meetings_host].events.fire_event("cloister-keeps-out", {
		room = room, origin = event.origin, stanza = event.stanza,
	});
end, 300);

local function between_those_who_wait(event)
	local stanza = event.stanza;
	local lobby = get_room(jid.bare(stanza.attr.to));
	local reader = lobby and lobby:get_occupant_by_nick(stanza.attr.to);
	if not lobby or leads(lobby, stanza.attr.from) or (reader and leads(lobby, reader.bare_jid)) then
		return;
	end
	return meeting.refuse(event, "auth", "forbidden", "Those who wait do not see each other");
end

module:hook("iq/full", between_those_who_wait, 100);
module:hook("message/full", between_those_who_wait, 100);

module:hook("muc-occupant-groupchat", function(event)
	if not leads(event.room, event.stanza.attr.from) then
		return meeting.refuse(event, "auth", "forbidden", "Those who wait do not see each other");
	end
end, 100);

-- Of all that may be asked of a room, turning somebody away is left.
local function only_turn_away(event)
	local stanza = event.stanza;
	local lobby = get_room(jid.bare(stanza.attr.to));
	local item = stanza.tags[1].tags[1];
	if not lobby or (leads(lobby, stanza.attr.from) and item and item.attr.role == "none" and not item.attr.affiliation) then
		return;
	end
	return meeting.refuse(event, "auth", "forbidden");
end

local function refuse(event)
	return meeting.refuse(event, "auth", "forbidden");
end

module:hook("iq-set/bare/http://jabber.org/protocol/muc#admin:query", only_turn_away, 100);
module:hook("iq-get/bare/http://jabber.org/protocol/muc#admin:query", refuse, 100);
module:hook("iq/bare/http://jabber.org/protocol/muc#owner:query", refuse, 100);
module:hook("iq/bare/jabber:iq:register:query", refuse, 100);
module:hook("muc-pre-invite", refuse, 100);
module:hook("muc-pre-decline", refuse, 100);
