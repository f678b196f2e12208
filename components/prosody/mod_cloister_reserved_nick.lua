-- Keeps nicknames for those they belong to: `reserved_nicks = { focus = "focus@auth.example" }`.
-- A participant called "focus" would keep the real one out of the room after a reconnect.

local jid = require "util.jid";
local st = require "util.stanza";

local reserved = module:get_option("reserved_nicks", {});

local function refuse_impostor(event)
	local occupant = event.dest_occupant or event.occupant;
	local nick = occupant and occupant.nick and jid.resource(occupant.nick);
	local owner = nick and reserved[nick:lower()];
	if not owner or jid.bare(event.stanza.attr.from) == owner then
		return;
	end
	event.origin.send(st.error_reply(event.stanza, "cancel", "conflict", nil, event.room.jid));
	return true;
end

module:hook("muc-occupant-pre-join", refuse_impostor, 1000);
module:hook("muc-occupant-pre-change", refuse_impostor, 1000);
