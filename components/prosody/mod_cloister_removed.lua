-- Who was removed from a meeting stays out of it, as far as a server can know somebody who has no account:
--
--   by account       for good: the room knows the address
--   by browser       refused: the id that clients keep in their storage and show in their presence (<stats-id>)
--   by network       asked to knock: from one address may come a whole class, so that newcomers without an account wait in the lobby
--
-- Browser and network are kept as digests under a key of the meeting, in memory, and go with it.

local hmac = require "util.hashes".hmac_sha256;
local random = require "util.random".bytes;
local meeting = module:require "cloister_meeting";

local most = 1000; -- marks of one meeting; the meeting with more of them has other troubles

local function marks_of(room)
	room.cloister_removed = room.cloister_removed or { key = random(32), count = 0, browsers = {}, networks = {} };
	return room.cloister_removed;
end

local function digest(marks, text)
	return hmac(marks.key, text);
end

local function session_of(address)
	return prosody.full_sessions[address];
end

local function mark(marks, set, text)
	if text and text ~= "" and marks.count < most then
		marks.count = marks.count + 1;
		set[digest(marks, text)] = true;
	end
end

module:hook("cloister-remove", function(event)
	local marks = marks_of(event.room);
	for _, occupant in event.room:each_occupant() do
		if occupant.bare_jid == event.address then
			for address, presence in occupant:each_session() do
				local session = session_of(address);
				mark(marks, marks.browsers, presence:get_child_text("stats-id"));
				mark(marks, marks.networks, session and session.ip);
			end
		end
	end
end);

-- Asked by the lobby: whether this newcomer has to knock.
module:hook("cloister-must-knock", function(event)
	local marks, ip = event.room.cloister_removed, event.origin.ip;
	return marks and ip and marks.networks[digest(marks, ip)] or nil;
end);

local function keep_out(event)
	local room, stanza = event.room, event.stanza;
	local marks = room.cloister_removed;
	if not marks or meeting.is_focus(stanza.attr.from) or meeting.role(room, stanza.attr.from) == "host" then
		return;
	end
	local browser = stanza:get_child_text("stats-id");
	if browser and marks.browsers[digest(marks, browser)] then
		return meeting.refuse(event, "auth", "forbidden", "You were removed from this meeting");
	end
end

module:hook("muc-occupant-pre-join", keep_out, 300);
module:hook("cloister-keeps-out", keep_out); -- of the lobby
