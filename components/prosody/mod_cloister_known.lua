-- Who was in a meeting, and in which role when it left: what its breakout rooms ask about those who come (mod_cloister_breakout). In
-- memory, by real address, and gone with the room.

local function note(event)
	local room, occupant = event.room, event.occupant;
	room.cloister_known = room.cloister_known or {};
	room.cloister_known[occupant.bare_jid] = occupant.role or "none";
end

module:hook("muc-occupant-joined", note);
module:hook("muc-occupant-pre-leave", note);
