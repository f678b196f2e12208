-- A meeting's room: there while the focus is in it, invisible from outside (cloister_hidden), entered under a plain nickname.
--
-- The focus may enter a room with a password, and so may its hosts. A room whose focus went away (its process, its connection) waits
-- a while for it; nobody enters meanwhile.

local now = require "util.time".now;
local uuid = require "util.uuid".generate;
local meeting = module:require "cloister_meeting";
module:require "cloister_hidden";

local get_room = module:depends "muc".get_room_from_jid;
local wait_for_focus = module:get_option_number("cloister_wait_for_focus", 60); -- seconds
local muc_namespace = "http://jabber.org/protocol/muc";

module:hook("muc-occupant-pre-join", function(event)
	if not meeting.is_focus(event.stanza.attr.from) and not meeting.focus_in(event.room) and not event.is_new_room then
		-- clients compare this text before they try again
		return meeting.refuse(event, "cancel", "not-allowed", "Room creation is restricted");
	end
end, 600);

-- Before mod_muc looks at the password, at -20: the focus comes back to rooms that were locked meanwhile.
module:hook("muc-occupant-pre-join", function(event)
	local room, stanza = event.room, event.stanza;
	local password = room:get_password();
	local join = password and stanza:get_child("x", muc_namespace);
	if join and (meeting.is_focus(stanza.attr.from) or meeting.role(room, stanza.attr.from) == "host") then
		join:remove_children("password", muc_namespace);
		join:reset():tag("password", { xmlns = muc_namespace }):text(password):up();
	end
end, -19);

-- The meeting's id, for clients and the focus; for clients also since when it runs, in milliseconds

local function add_meeting_id(event)
	local room = event.room;
	room.cloister_meeting_id = room.cloister_meeting_id or uuid();
	table.insert(event.form, { name = "muc#roominfo_meetingId", type = "text-single", value = room.cloister_meeting_id });
end

module:hook("muc-config-form", add_meeting_id);
module:hook("muc-disco#info", add_meeting_id);

module:hook("muc-room-created", function(event)
	event.room.cloister_began = string.format("%d", math.floor(now() * 1000));
end);

module:hook("muc-disco#info", function(event)
	local began = event.room.cloister_began;
	table.insert(event.form, { name = "muc#roominfo_created_timestamp", type = "text-single", value = began });
end);

-- Without its focus

module:hook("muc-occupant-left", function(event)
	local room = event.room;
	if not meeting.is_focus(event.occupant.bare_jid) or room.destroying then
		return;
	end
	module:add_timer(wait_for_focus, function()
		if get_room(room.jid) == room and not meeting.focus_in(room) then
			room:destroy(nil, "The meeting has been terminated");
		end
	end);
end);

-- What the focus says of the meeting

local function note_policy(event)
	if meeting.is_focus(event.stanza.attr.from) then
		meeting.note_policy(event.room, event.stanza);
	end
end

module:hook("muc-occupant-pre-join", note_policy, 400);
module:hook("muc-occupant-pre-change", note_policy, 400);
