-- What a room's clients share (room metadata) reaches who enters before its own presence does: afterwards nobody starts muted any more
-- (protocol/client.md §19). The focus's component sends the room a copy after each change; it goes with the room.

local jid = require "util.jid";
local st = require "util.stanza";
local meeting = module:require "cloister_meeting";

local get_room = module:depends "muc".get_room_from_jid;
local component = assert(module:get_option_string("metadata_component"), "metadata_component is not set");

module:hook("message/bare", function(event)
	local stanza = event.stanza;
	if stanza.attr.from ~= component then
		return;
	end
	local room = get_room(jid.bare(stanza.attr.to));
	if room then
		room.cloister_metadata = stanza;
	end
	return true;
end, 950);

-- After all that refuse somebody.
module:hook("muc-occupant-pre-join", function(event)
	local room, from = event.room, event.stanza.attr.from;
	if room.cloister_metadata and not meeting.is_focus(from) then
		local copy = st.clone(room.cloister_metadata);
		copy.attr.to = from;
		room:route_stanza(copy);
	end
end, -1000);
