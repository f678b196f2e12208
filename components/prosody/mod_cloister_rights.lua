-- The rights of host, co-host, participant and viewer (components/focus/rights/rights.h), kept against any client: what is refused gets
-- its stanza error and changes nothing.
--
-- A stock client's "grant moderator" (affiliation owner) makes a co-host: hosts are made by the focus alone. A host can be neither
-- removed nor demoted. Who is removed stays out for the life of the meeting: mod_cloister_removed.

local jid = require "util.jid";
local st = require "util.stanza";
local meeting = module:require "cloister_meeting";

local get_room = module:depends "muc".get_room_from_jid;
local may, forbid, refuse = meeting.may, meeting.forbid, meeting.refuse;

local function room_of(event)
	return get_room(jid.bare(event.stanza.attr.to));
end

local function is_host(room, address)
	return room:get_affiliation(address) == "owner";
end

-- muc#admin: affiliations and roles

local function right_to_give(wanted, present)
	if wanted == "outcast" then
		return "remove";
	elseif wanted == "owner" or wanted == "admin" or present == "admin" then
		return "grant";
	elseif wanted == "member" and present ~= "outcast" then
		return "admit";
	end
	return "remove";
end

local function change_affiliation(event, room, item)
	local stanza = event.stanza;
	local wanted = item.attr.affiliation;
	local target = jid.prep(item.attr.jid);
	if not target and item.attr.nick then
		local occupant = room:get_occupant_by_nick(room.jid .. "/" .. item.attr.nick);
		target = occupant and occupant.bare_jid;
	end
	if not target then
		return refuse(event, "modify", "jid-malformed");
	end
	local present = room:get_affiliation(target);
	local right = right_to_give(wanted, present);
	if not may(room, stanza.attr.from, right) then
		return forbid(event, right);
	end
	if is_host(room, target) then
		return refuse(event, "cancel", "not-allowed", "A host stays one");
	end
	if not jid.node(target) then
		return refuse(event, "modify", "not-acceptable", "Not the address of a person");
	end
	if wanted == "owner" then
		item.attr.affiliation = "admin";
	elseif wanted == "none" and present == "admin" then
		item.attr.affiliation = "member"; -- who was trusted with the door is not put before it
	elseif wanted == "outcast" then
		module:fire_event("cloister-remove", { room = room, address = target });
	end
	-- else the address would be turned into one's reserved nickname
	item.attr.nick, item.attr.jid = nil, target;
end

local function remove(event, room, occupant, reason)
	local done, kind, condition = room:set_role(event.stanza.attr.from, occupant.nick, nil, reason);
	if not done then
		return refuse(event, kind, condition);
	end
	room:set_affiliation(true, occupant.bare_jid, "outcast");
	event.origin.send(st.reply(event.stanza));
	return true;
end

local function change_role(event, room, item)
	local stanza, wanted = event.stanza, item.attr.role;
	local right = wanted == "none" and "remove" or "grant";
	if not may(room, stanza.attr.from, right) then
		return forbid(event, right);
	end
	local occupant = item.attr.nick and room:get_occupant_by_nick(room.jid .. "/" .. item.attr.nick);
	if not occupant then
		return refuse(event, "cancel", "item-not-found");
	end
	if is_host(room, occupant.bare_jid) then
		return refuse(event, "cancel", "not-allowed", "A host stays one");
	end
	if wanted == "none" then
		module:fire_event("cloister-remove", { room = room, address = occupant.bare_jid });
		return remove(event, room, occupant, item:get_child_text("reason"));
	elseif wanted == "moderator" then
		room:set_affiliation(true, occupant.bare_jid, "admin");
		event.origin.send(st.reply(stanza));
		return true;
	elseif room:get_affiliation(occupant.bare_jid) == "admin" then
		return refuse(event, "cancel", "not-allowed", "A co-host is no viewer");
	end
end

module:hook("iq-set/bare/http://jabber.org/protocol/muc#admin:query", function(event)
	local room = room_of(event);
	if not room or meeting.is_focus(event.stanza.attr.from) then
		return;
	end
	local item = event.stanza.tags[1].tags[1];
	if not item or item.name ~= "item" or (item.attr.affiliation and item.attr.role) then
		return refuse(event, "modify", "bad-request");
	elseif item.attr.affiliation then
		return change_affiliation(event, room, item);
	elseif item.attr.role then
		return change_role(event, room, item);
	end
	return refuse(event, "modify", "bad-request");
end, 100);

module:hook("iq-get/bare/http://jabber.org/protocol/muc#admin:query", function(event)
	local room = room_of(event);
	if room and not may(room, event.stanza.attr.from, "admit") then
		return forbid(event, "admit");
	end
end, 100);

-- muc#owner: lobby, password, end

local right_of_field = {
	FORM_TYPE = false,
	["muc#roomconfig_whois"] = false, -- clients send it along; everybody is to know who the focus is
	["muc#roominfo_meetingId"] = false,
	["muc#roomconfig_membersonly"] = "lock",
	["muc#roomconfig_roomsecret"] = "set_password",
	["muc#roomconfig_passwordprotectedroom"] = "set_password",
};

local function check_field(event, room, field)
	local right = right_of_field[field.attr.var];
	if right and not may(room, event.stanza.attr.from, right) then
		return forbid(event, right);
	elseif right == nil then
		return refuse(event, "modify", "not-acceptable", "Only the lobby and the password can be changed");
	elseif field.attr.var == "muc#roomconfig_whois" and field:get_child_text("value") ~= "anyone" then
		return refuse(event, "modify", "not-acceptable", "Everybody has to know who the focus is");
	end
end

module:hook("iq-set/bare/http://jabber.org/protocol/muc#owner:query", function(event)
	local room = room_of(event);
	if not room or meeting.is_focus(event.stanza.attr.from) then
		return;
	end
	local query = event.stanza.tags[1];
	if query:get_child("destroy") and not may(room, event.stanza.attr.from, "end_for_all") then
		return forbid(event, "end_for_all");
	elseif not is_host(room, event.stanza.attr.from) then
		return forbid(event, "lock");
	end
	local form = query:get_child("x", "jabber:x:data");
	for field in (form and form:childtags("field") or function() end) do
		if check_field(event, room, field) then
			return true;
		end
	end
end, 100);

module:hook("iq/bare/jabber:iq:register:query", function(event)
	return refuse(event, "cancel", "service-unavailable");
end, 100);

-- Invitations: from the lobby

module:hook("muc-pre-invite", function(event)
	if not may(event.room, event.stanza.attr.from, "admit") then
		return forbid(event, "admit");
	end
end, 100);

module:hook("muc-pre-decline", function(event)
	return refuse(event, "cancel", "service-unavailable");
end, 100);

-- Chat, to all and to one

local function refuse_words(event, room)
	local stanza = event.stanza;
	if not stanza:get_child("body") and stanza:get_child("reactions", "urn:xmpp:reactions:0") then
		return not may(room, stanza.attr.from, "reactions") and forbid(event, "reactions");
	end
	local right = stanza.attr.type == "groupchat" and "chat" or "private_chat";
	return stanza:get_child("body") and not may(room, stanza.attr.from, right) and forbid(event, right);
end

-- Before mod_muc's look at the role, at 50, which lets no viewer speak.
module:hook("muc-occupant-groupchat", function(event)
	local room, stanza, occupant = event.room, event.stanza, event.occupant;
	if meeting.is_trusted(stanza.attr.from) or not occupant then
		return;
	end
	if refuse_words(event, room) then
		return true;
	end
	local says = stanza:get_child("body") or stanza:get_child("reactions", "urn:xmpp:reactions:0");
	if occupant.role == "visitor" and says and not stanza:get_child("subject") then
		stanza.attr.from = occupant.nick;
		room:broadcast_message(stanza);
		return true;
	end
end, 60);

module:hook("message/full", function(event)
	local room, stanza = room_of(event), event.stanza;
	if not room or meeting.is_trusted(stanza.attr.from) or stanza.attr.type == "error" or stanza.attr.type == "groupchat" then
		return;
	end
	return refuse_words(event, room) or nil;
end, 100);

-- Requests for voice and the like: nobody answers them here.
module:hook("message/bare", function(event)
	local stanza = event.stanza;
	if stanza:get_child("x", "jabber:x:data") and not meeting.is_trusted(stanza.attr.from) then
		return refuse(event, "cancel", "service-unavailable");
	end
end, 100);

-- Media and mutes go by the focus and the bridge: participants do not call each other, nor see each other's addresses.
module:hook("iq/full", function(event)
	local room, stanza = room_of(event), event.stanza;
	local payload = stanza.tags[1];
	if not room or not payload or stanza.attr.type == "error" or stanza.attr.type == "result" or meeting.is_trusted(stanza.attr.from) then
		return;
	end
	local occupant = room:get_occupant_by_nick(stanza.attr.to);
	local with_focus = occupant and meeting.is_focus(occupant.bare_jid);
	local namespace = payload.attr.xmlns or "";
	if not with_focus and (namespace == "urn:xmpp:jingle:1" or payload.name == "mute") then
		return refuse(event, "auth", "forbidden", "Calls go by the focus");
	end
end, 100);

-- Presence: names and raised hands

-- A part of a presence that its sender may not change keeps what it was; the rest counts. A refused presence would have clients
-- think that they are out.
local function keep_former(event, name, namespace, right)
	local stanza = event.stanza;
	local former = event.orig_occupant:get_presence(stanza.attr.from);
	local old = former and former:get_child_text(name, namespace) or "";
	local new = stanza:get_child_text(name, namespace) or "";
	if new == old or (right == "rename" and old == "") or (right == "raise_hand" and new == "") then
		return;
	end
	if may(event.room, stanza.attr.from, right) then
		return;
	end
	stanza:remove_children(name, namespace);
	if old ~= "" then
		stanza:text_tag(name, old, namespace and { xmlns = namespace } or nil);
	end
	event.origin.send(st.message({ type = "error", from = event.room.jid, to = stanza.attr.from, id = stanza.attr.id })
		:tag("error", { type = "auth" })
			:tag("forbidden", { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" }):up()
			:text_tag("text", "You may not: " .. right, { xmlns = "urn:ietf:params:xml:ns:xmpp-stanzas" }));
end

module:hook("muc-occupant-pre-change", function(event)
	if meeting.is_focus(event.stanza.attr.from) then
		return;
	end
	keep_former(event, "nick", "http://jabber.org/protocol/nick", "rename");
	keep_former(event, "jitsi_participant_raisedHand", nil, "raise_hand");
end, 100);
