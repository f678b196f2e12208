-- Breakout rooms, the part at the door. Which rooms there are is the focus's business (components/focus/services/breakout_rooms.h); it
-- opens them and says which meeting each belongs to, in the room's configuration.
--
-- Who was in the meeting may enter, with the affiliation, and as a viewer when it was one there; who is banned there is banned here.
--
-- Clients write to this component's address. The focus reads and answers there by way of its own component: what comes from somebody goes
-- to the focus from <this host>/<somebody>, and what the focus sends to <this host>/<somebody> goes to somebody from <this host>.

local jid = require "util.jid";
local st = require "util.stanza";
local meeting = module:require "cloister_meeting";

module:depends "muc";
local meetings_host = assert(module:get_option_string("meetings_muc"), "meetings_muc is not set");
local focus = assert(module:get_option_string("focus_component"), "focus_component is not set");
local main_room_field = "muc#roominfo_breakout_main_room";

-- What clients may ask of us; they ask for the node that is called like our identity.
module:hook("host-disco-info-node", function(event)
	if event.node == "breakout_rooms" then
		event.reply:tag("feature", { var = "http://jitsi.org/protocol/breakout_rooms#rename" }):up();
		event.exists = true;
	end
end);

-- Messages

local function pass_on(stanza, from, to)
	local copy = st.clone(stanza);
	copy.attr.from, copy.attr.to = from, to;
	module:send(copy);
	return true;
end

module:hook("message/host", function(event)
	local stanza = event.stanza;
	local from, somebody = stanza.attr.from, jid.resource(stanza.attr.to);
	if from == focus then
		return somebody and pass_on(stanza, module.host, somebody) or true;
	elseif jid.node(from) and stanza.attr.type ~= "error" then
		pass_on(stanza, jid.join(nil, module.host, from), focus);
	end
	return true;
end, 100);

-- Which meeting a room belongs to

local function main_room_of(room)
	return room.cloister_main_room and prosody.hosts[meetings_host].modules.muc.get_room_from_jid(room.cloister_main_room) or nil;
end

module:hook("muc-config-form", function(event)
	table.insert(event.form, { name = main_room_field, type = "text-single", value = event.room.cloister_main_room });
end);

module:hook("muc-config-submitted/" .. main_room_field, function(event)
	event.room.cloister_main_room = event.value;
end);

module:hook("muc-disco#info", function(event)
	table.insert(event.form, { name = "muc#roominfo_isbreakout", type = "boolean", value = true });
	table.insert(event.form, { name = main_room_field, type = "text-single", value = event.room.cloister_main_room });
end);

-- Entering

module:hook("muc-occupant-pre-join", function(event)
	local room, from = event.room, event.stanza.attr.from;
	if meeting.is_focus(from) then
		return;
	end
	local main, address = main_room_of(room), jid.bare(from);
	local affiliation = main and main:get_affiliation(address);
	if not main or affiliation == "outcast" or not (main.cloister_known and main.cloister_known[address]) then
		return meeting.refuse(event, "auth", "forbidden", "Only who was in the meeting enters its rooms");
	end
	-- Not announced: its first presence says it.
	room._affiliations[address] = affiliation;
	local leads = affiliation == "owner" or affiliation == "admin";
	event.occupant.role = not leads and main.cloister_known[address] == "visitor" and "visitor" or room:get_default_role(affiliation);
end, 700);

-- Who is removed from one room is removed from the meeting.
module:hook("cloister-remove", function(event)
	local main = main_room_of(event.room);
	if main then
		main:set_affiliation(true, event.address, "outcast");
	end
end);
