-- The lobby's door, on the meetings' side: who has to wait is told where (protocol/focus.md §7.6). Everybody without an affiliation
-- waits while the room is members-only; from a network that somebody was removed from, also while it is not. Hosts and co-hosts
-- never do. The waiting room itself is mod_cloister_lobby_room's, on the lobby's component.

local jid = require "util.jid";
local json = require "util.json";
local st = require "util.stanza";
local meeting = module:require "cloister_meeting";

local get_room = module:depends "muc".get_room_from_jid;
local lobby_host = assert(module:get_option_string("lobby_muc"), "lobby_muc is not set");
local jitmeet = "http://jitsi.org/jitmeet";
local name_namespace = "http://jabber.org/protocol/nick";

local function lobby_muc()
	return prosody.hosts[lobby_host].modules.muc;
end

local function lobby_address(room)
	return jid.join(jid.node(room.jid), lobby_host);
end

local function find_lobby(room)
	return lobby_muc().get_room_from_jid(lobby_address(room)) or nil;
end

-- It ends when the last one has left it; the next one who has to wait opens it again.
local function open_lobby(room)
	local lobby = find_lobby(room) or lobby_muc().create_room(lobby_address(room));
	lobby.cloister_meeting = room;
	return lobby;
end

local function announce(room, on)
	local news = json.encode({ type = "lobby-notify", event = "LOBBY-ENABLED", value = on });
	room:broadcast_message(st.message({ type = "groupchat", from = room.jid })
		:text_tag("json-message", news, { xmlns = jitmeet }));
end

-- Who is in stays in: mod_muc, at 0, removes everybody without an affiliation. Not announced one by one: for a hundred people that
-- would be ten thousand stanzas.
module:hook("muc-config-submitted/muc#roomconfig_membersonly", function(event)
	local room = event.room;
	if not event.value or room:get_members_only() then
		return;
	end
	for _, occupant in room:each_occupant() do
		if not room:get_affiliation(occupant.bare_jid) then
			room._affiliations[occupant.bare_jid] = "member";
		end
	end
	open_lobby(room);
end, 10);

module:hook("muc-config-submitted/muc#roomconfig_membersonly", function(event)
	local room = event.room;
	local on = room:get_members_only() or false;
	if event.status_codes["104"] and on ~= (room.cloister_lobby_is_on or false) then
		room.cloister_lobby_is_on = on;
		local lobby = not on and find_lobby(room);
		if lobby then
			lobby:destroy(room.jid);
		end
		announce(room, on);
	end
end, -10);

module:hook("muc-disco#info", function(event)
	local lobby = event.room:get_members_only() and open_lobby(event.room) or find_lobby(event.room);
	if lobby then
		table.insert(event.form, { name = "muc#roominfo_lobbyroom", type = "text-single", value = lobby.jid });
	end
end);

module:hook("muc-room-destroyed", function(event)
	local lobby = find_lobby(event.room);
	if lobby then
		lobby:destroy();
	end
end);

-- Entering

local function knows_the_password(room, stanza)
	local join = stanza:get_child("x", "http://jabber.org/protocol/muc");
	local password = room:get_password();
	return password and join and join:get_child_text("password", "http://jabber.org/protocol/muc") == password;
end

-- While the lobby is off nobody sits at its door: those who lead look at the room's configuration again, and find where somebody waits.
local function call_to_the_door(room)
	room:broadcast_message(st.message({ type = "groupchat", from = room.jid })
		:tag("x", { xmlns = "http://jabber.org/protocol/muc#user" }):tag("status", { code = "104" }));
end

local function send_to_lobby(event)
	local stanza = event.stanza;
	local name = stanza:get_child_text("nick", name_namespace);
	if not name or name == "" then
		local reply = st.error_reply(stanza, "modify", "not-acceptable", nil, event.room.jid);
		event.origin.send(reply:tag("displayname-required", { xmlns = jitmeet, lobby = "true" }));
		return true;
	end
	local was_empty = not find_lobby(event.room);
	local lobby = open_lobby(event.room).jid;
	if was_empty and not event.room:get_members_only() then
		call_to_the_door(event.room);
	end
	local reply = st.error_reply(stanza, "auth", "registration-required", nil, event.room.jid);
	reply:text_tag("lobbyroom", lobby, { xmlns = jitmeet });
	event.origin.send(reply:reset():text_tag("lobbyroom", lobby)); -- where clients look that know no namespace
	return true;
end

-- Before mod_muc refuses who has no affiliation, at -5.
module:hook("muc-occupant-pre-join", function(event)
	local room, stanza = event.room, event.stanza;
	local affiliation = room:get_affiliation(stanza.attr.from);
	if affiliation == "outcast" then
		return meeting.refuse(event, "auth", "forbidden", "You were removed from this meeting");
	elseif affiliation then
		return;
	elseif room:get_members_only() and knows_the_password(room, stanza) then
		room._affiliations[jid.bare(stanza.attr.from)] = "member";
	elseif room:get_members_only() or module:fire_event("cloister-must-knock", { room = room, origin = event.origin }) then
		return send_to_lobby(event);
	end
end, -4);

-- Admitting: one invitation or several in a message

module:hook("message/bare", function(event)
	local stanza = event.stanza;
	local x = stanza:get_child("x", "http://jabber.org/protocol/muc#user");
	local room = x and #x.tags > 1 and get_room(jid.bare(stanza.attr.to));
	if not room or (stanza.attr.type or "normal") ~= "normal" then
		return;
	end
	for invite in x:childtags("invite") do
		local single = st.message({ from = stanza.attr.from, to = stanza.attr.to, id = stanza.attr.id })
			:tag("x", { xmlns = "http://jabber.org/protocol/muc#user" }):add_child(st.clone(invite)):reset();
		room:handle_mediated_invite(event.origin, single);
	end
	return true;
end, 50);

-- mod_muc makes members of those who are invited to a members-only room; here one may have to wait for others, too.
module:hook("muc-invite", function(event)
	local room, invited = event.room, event.stanza.attr.to;
	if not room:get_affiliation(invited) then
		room._affiliations[jid.bare(invited)] = "member";
	end
end, 10);
