-- Large rooms: what goes to everybody in a room is written once, not once for each. Prosody copies and writes a stanza several times per
-- reader (at 500 people who enter, 250,000 stanzas); here readers on plain WebSockets get the same text with their own address in it.
-- The occupant list of a newcomer is made of texts that are kept with each presence. What is for the same reader is handed over
-- together: a moment later, or before anything else that it is sent.
--
-- Whoever has another kind of connection, or a filter on it that we do not know, is served by Prosody's own way.

local datetime = require "util.datetime".datetime;
local add_filter = require "util.filters".add_filter;
local jid = require "util.jid";
local st = require "util.stanza";

module:depends "muc";
local full_sessions = prosody.full_sessions;
local muc_user_namespace = "http://jabber.org/protocol/muc#user";
local moment = 0.02; -- seconds
local most_waiting = 64; -- texts for one reader

-- Its own attributes, the same children.
local function shallow(stanza)
	local copy = st.clone(stanza, true);
	table.move(stanza, 1, #stanza, 1, copy);
	table.move(stanza.tags, 1, #stanza.tags, 1, copy.tags);
	return copy;
end

-- The stanza from its name on, without its address.
local function text_after_name(stanza)
	local copy = shallow(stanza);
	copy.attr.to = nil;
	copy.attr.xmlns = copy.attr.xmlns or "jabber:client"; -- RFC 7395: there is no stream around it
	return tostring(copy):sub(#stanza.name + 2);
end

-- Texts that wait, by session. They are for one connection: what a lost one did not get, mod_smacks sends again.
local waiting = {};

local function take_waiting(session)
	local texts = waiting[session];
	waiting[session] = nil;
	return texts and texts.conn == session.conn and table.concat(texts) or "";
end

local function hand_over(session)
	local text = take_waiting(session);
	if text ~= "" then
		session.conn:write(text);
	end
end

local function before_anything_else(data, session)
	return take_waiting(session) .. data;
end

local function wait(session, text)
	if next(waiting) == nil then
		module:add_timer(moment, function()
			for one in pairs(waiting) do
				hand_over(one);
			end
		end);
	end
	local texts = waiting[session];
	if not texts or texts.conn ~= session.conn then
		texts = { conn = session.conn };
		waiting[session] = texts;
	end
	texts[#texts + 1] = text;
	if #texts >= most_waiting then
		hand_over(session);
	end
end

local function filters(session, kind)
	return session.filters and session.filters[kind] or {};
end

-- Nobody but mod_websocket, mod_smacks and we have a say in what this session is sent.
local function takes_text(session)
	local bytes = filters(session, "bytes/out");
	return session.websocket_request and session.conn and not session.hibernating and not session.resending_unacked
		and #filters(session, "stanzas/out") == (session.smacks and 2 or 1)
		and #bytes == (bytes[before_anything_else] and 2 or 1);
end

-- As mod_smacks keeps what may have to be sent again.
local function keep_until_acknowledged(session, stanza)
	local kept = shallow(stanza);
	kept.attr.to = session.full_jid;
	kept:tag("delay", { xmlns = "urn:xmpp:delay", from = jid.bare(session.full_jid), stamp = datetime() }):up();
	session.outgoing_stanza_queue:push(kept);
end

-- A whole text in one unmasked frame (RFC 6455 §5.2); net.websocket.frames takes four times as long.
local function frame(text)
	local length = #text;
	if length <= 125 then
		return string.pack("BB", 0x81, length) .. text;
	elseif length <= 0xFFFF then
		return string.pack(">BBI2", 0x81, 126, length) .. text;
	end
	return string.pack(">BBI8", 0x81, 127, length) .. text;
end

-- False: it has to go Prosody's way.
local function send(address, stanza, text)
	local session = full_sessions[address];
	if not session or not takes_text(session) then
		return false;
	end
	if session.smacks then
		keep_until_acknowledged(session, stanza);
	end
	local whole = "<" .. stanza.name .. " to='" .. st.xml_escape(address) .. "'" .. text;
	add_filter(session, "bytes/out", before_anything_else, -1000);
	wait(session, frame(whole));
	return true;
end

-- What the occupant list says of somebody. Presences are never changed once they are there, so they are the key.
local entries = setmetatable({}, { __mode = "k" });

local function entry_of(room, occupant)
	local presence, affiliation = occupant:get_presence(), room._affiliations[occupant.bare_jid];
	local entry = entries[presence];
	if not entry or entry.affiliation ~= affiliation or entry.role ~= occupant.role then
		local x = st.stanza("x", { xmlns = muc_user_namespace });
		room:build_item_list(occupant, x, false);
		local stanza = st.clone(presence):add_child(x);
		module:fire_event("muc-build-occupant-presence", { room = room, occupant = occupant, stanza = stanza });
		entry = { affiliation = affiliation, role = occupant.role, stanza = stanza, text = text_after_name(stanza) };
		entries[presence] = entry;
	end
	return entry;
end

local function share(room)
	local plain = getmetatable(room).__index;
	local texts; -- by stanza, while one goes to all

	local function to_all(name)
		room[name] = function(...)
			local outer = texts;
			texts = {};
			local outcome = table.pack(pcall(plain[name], ...));
			texts = outer;
			if not outcome[1] then
				error(outcome[2], 0);
			end
			return table.unpack(outcome, 2, outcome.n);
		end;
	end
	to_all("broadcast");
	to_all("publicise_occupant_status");

	function room:route_to_occupant(occupant, stanza)
		if not texts then
			return plain.route_to_occupant(self, occupant, stanza);
		end
		texts[stanza] = texts[stanza] or text_after_name(stanza);
		local to = stanza.attr.to;
		for address in occupant:each_session() do
			if not send(address, stanza, texts[stanza]) then
				stanza.attr.to = address;
				self:route_stanza(stanza);
			end
		end
		stanza.attr.to = to;
	end

	function room:send_occupant_list(to, filter)
		local session, shown = full_sessions[to], self:get_presence_broadcast();
		if not session or not takes_text(session) or self:get_whois() ~= "anyone" or shown.none then
			return plain.send_occupant_list(self, to, filter);
		end
		for nick, occupant in pairs(self._occupants) do -- to look at: each_occupant() makes copies
			if shown[occupant.role or "none"] and (not filter or filter(nick, occupant)) then
				local entry = entry_of(self, occupant);
				send(to, entry.stanza, entry.text);
			end
		end
	end
end

module:hook("muc-room-created", function(event)
	share(event.room);
end);
