-- Rooms that cannot be seen from outside: whoever is not in gets the same answer whether a room runs or there never was one.

local jid = require "util.jid";
local meeting = module:require "cloister_meeting";
local refuse = module:require "cloister_refusal";

local get_room = module:depends "muc".get_room_from_jid;

local function is_join(stanza)
	return stanza.name == "presence" and stanza.attr.type == nil and stanza:get_child("x", "http://jabber.org/protocol/muc");
end

refuse("", { "bare", "full" }, 900, "item-not-found", function(stanza)
	local from = stanza.attr.from;
	if meeting.is_trusted(from) or is_join(stanza) then
		return false;
	end
	local room = get_room(jid.bare(stanza.attr.to));
	return not room or not room:get_occupant_by_real_jid(from);
end);

local longest_nick = 64; -- as the focus counts (is_endpoint_id)
local taken_nicks = { focus = true, jvb = true };

local function is_plain_nick(nick)
	return #nick <= longest_nick and nick:find("^[%w_-]+$") ~= nil and not taken_nicks[nick:lower()];
end

module:hook("muc-occupant-pre-join", function(event)
	local room, from = event.room, event.stanza.attr.from;
	if meeting.is_focus(from) then
		return;
	elseif not is_plain_nick(jid.resource(event.occupant.nick)) then
		return meeting.refuse(event, "modify", "not-acceptable", "Not a nickname of this service");
	end
	-- One nickname is one participant of the call, even when somebody has an account and two devices.
	local there = room:get_occupant_by_nick(event.occupant.nick);
	if there and there.jid ~= from then
		return meeting.refuse(event, "cancel", "conflict");
	end
end, 500);

module:hook("muc-occupant-pre-change", function(event)
	if event.dest_occupant.nick ~= event.orig_occupant.nick and not meeting.is_focus(event.stanza.attr.from) then
		return meeting.refuse(event, "cancel", "not-allowed", "A nickname stays for the meeting");
	end
end, 500);
