-- Who is who in a meeting, for the modules of the rooms' component: the roles of rights.h, the meeting's policy, and refusals.
-- What is remembered of a meeting hangs on its room, and goes with it.

local jid = require "util.jid";
local st = require "util.stanza";

local table_of_rights = module:require "cloister_rights";

local focus = assert(module:get_option_string("focus_user"), "focus_user is not set"); -- bare address
local focus_namespace = "http://jitsi.org/protocol/focus";

local meeting = { focus = focus };

function meeting.is_focus(address)
	return jid.bare(address) == focus;
end

-- The address of the focus in a room; nil while it is away. Its nickname is kept for it.
function meeting.focus_in(room)
	local occupant = room:get_occupant_by_nick(room.jid .. "/focus");
	return occupant and meeting.is_focus(occupant.bare_jid) and occupant.jid or nil;
end

-- Our own services and components, whose addresses have no name before the domain.
function meeting.is_service(address)
	local node, host = jid.split(address);
	return node == nil and prosody.hosts[host] ~= nil;
end

function meeting.is_trusted(address)
	return meeting.is_focus(address) or meeting.is_service(address);
end

-- Of somebody with this real address, who need not be in the room.
function meeting.role(room, address)
	local affiliation = room:get_affiliation(address);
	if affiliation == "owner" then
		return "host";
	elseif affiliation == "admin" then
		return "co_host";
	end
	local occupant = room:get_occupant_by_real_jid(address);
	return occupant and occupant.role == "visitor" and "viewer" or "participant";
end

-- What the host has switched off: a set of names.
local function read_policy(presence)
	local properties = presence and presence:get_child("conference-properties", focus_namespace);
	local off = {};
	for property in (properties and properties:childtags("property") or function() end) do
		if property.attr.key == "policy" then
			for name in (property.attr.value or ""):gmatch("%S+") do
				off[name] = true;
			end
		end
	end
	return off;
end

local nothing = {};

function meeting.policy(room)
	return room.cloister_policy or nothing;
end

-- The focus says the policy in its presence.
function meeting.note_policy(room, presence)
	room.cloister_policy = read_policy(presence);
end

function meeting.may(room, address, right)
	if meeting.is_focus(address) then
		return true;
	end
	local row = table_of_rights[right];
	local role = meeting.role(room, address);
	if not row[role] then
		return false;
	end
	return role == "host" or role == "co_host" or not (row.switch and meeting.policy(room)[row.switch]);
end

function meeting.refuse(event, kind, condition, text)
	local stanza = event.stanza;
	if stanza.attr.type ~= "error" and stanza.attr.type ~= "result" then
		event.origin.send(st.error_reply(stanza, kind, condition, text, jid.bare(stanza.attr.to)));
	end
	return true;
end

function meeting.forbid(event, right)
	return meeting.refuse(event, "auth", "forbidden", "You may not: " .. right);
end

return meeting;
