-- How much one participant may send to a room: long and frequent messages, large presences and floods are refused with a stanza error.
-- The figures are settings; mod_limits bounds the bytes below all of this.

local now = require "util.time".now;
local jid = require "util.jid";
local meeting = module:require "cloister_meeting";

local get_room = module:depends "muc".get_room_from_jid;
local characters = module:get_option_number("cloister_message_characters", 500);
local messages = module:get_option_number("cloister_messages_a_minute", 20);
local signals = module:get_option_number("cloister_signals_a_minute", 300); -- messages without words
local presences = module:get_option_number("cloister_presences_a_minute", 300);
local requests = module:get_option_number("cloister_requests_a_minute", 600);
local longest_presence = module:get_option_number("cloister_presence_bytes", 16 * 1024);
local longest_message = module:get_option_number("cloister_message_bytes", 16 * 1024);
local longest_name = module:get_option_number("cloister_name_characters", 100);

-- Whether there were no more than `most` of a kind in the minute before; this one is counted then.
local function count(room, address, kind, most)
	room.cloister_counts = room.cloister_counts or {};
	local counts = room.cloister_counts[address] or {};
	room.cloister_counts[address] = counts;
	local times = counts[kind] or { first = 1, last = 0 };
	counts[kind] = times;
	local time = now();
	while times.first <= times.last and time - times[times.first] >= 60 do
		times[times.first] = nil;
		times.first = times.first + 1;
	end
	if times.last - times.first + 1 >= most then
		return false;
	end
	times.last = times.last + 1;
	times[times.last] = time;
	return true;
end

-- What was counted of those who left is kept for a minute: coming back gives nothing new.
module:hook("muc-occupant-left", function(event)
	local room, address = event.room, event.occupant.bare_jid;
	module:add_timer(60, function()
		local there = false;
		for _, occupant in room:each_occupant() do
			there = there or occupant.bare_jid == address;
		end
		if not there and room.cloister_counts then
			room.cloister_counts[address] = nil;
		end
	end);
end);

local function too_often(event)
	return meeting.refuse(event, "wait", "policy-violation", "Too often: wait a moment");
end

local function refuse_message(event, room)
	local stanza = event.stanza;
	local address, body = jid.bare(stanza.attr.from), stanza:get_child_text("body");
	if body and (utf8.len(body) or math.huge) > characters then
		return meeting.refuse(event, "modify", "policy-violation", ("A message has at most %d characters"):format(characters));
	elseif #tostring(stanza) > longest_message then
		return meeting.refuse(event, "modify", "policy-violation", "The message is too large");
	elseif body and not count(room, address, "messages", messages) then
		return too_often(event);
	elseif not body and not count(room, address, "signals", signals) then
		return too_often(event);
	end
end

local function limit_message(event)
	local stanza = event.stanza;
	local room = get_room(jid.bare(stanza.attr.to));
	if room and stanza.attr.type ~= "error" and not meeting.is_trusted(stanza.attr.from) then
		return refuse_message(event, room);
	end
end

module:hook("message/bare", limit_message, 800);
module:hook("message/full", limit_message, 800);

local function refuse_large_presence(event)
	local stanza = event.stanza;
	if meeting.is_focus(stanza.attr.from) then
		return;
	end
	local name = stanza:get_child_text("nick", "http://jabber.org/protocol/nick");
	if #tostring(stanza) > longest_presence or (name and (utf8.len(name) or math.huge) > longest_name) then
		return meeting.refuse(event, "modify", "policy-violation", "The presence is too large");
	end
end

module:hook("muc-occupant-pre-join", refuse_large_presence, 800);
module:hook("muc-occupant-pre-change", function(event)
	local from = event.stanza.attr.from;
	if refuse_large_presence(event) then
		return true;
	elseif not meeting.is_focus(from) and not count(event.room, jid.bare(from), "presences", presences) then
		return too_often(event);
	end
end, 800);

local function limit_request(event)
	local stanza = event.stanza;
	local room = get_room(jid.bare(stanza.attr.to));
	if room and not meeting.is_trusted(stanza.attr.from) and not count(room, jid.bare(stanza.attr.from), "requests", requests) then
		return too_often(event);
	end
end

module:hook("iq/bare", limit_request, 800);
module:hook("iq/full", limit_request, 800);
