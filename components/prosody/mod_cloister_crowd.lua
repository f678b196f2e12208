-- A meeting that is stormed: counts who comes to the door and tells the focus, which decides (components/focus/rights/crowd.h); keeps
-- to its limit on participants; tells those who lead. The focus learns how many came, and from how many networks; addresses only when
-- it asks for those to ban.

local base64 = require "util.encodings".base64.encode;
local hmac = require "util.hashes".hmac_sha256;
local jid = require "util.jid";
local now = require "util.time".now;
local random = require "util.random".bytes;
local st = require "util.stanza";
local uuid = require "util.uuid".generate;
local meeting = module:require "cloister_meeting";

local get_room = module:depends "muc".get_room_from_jid;
local crowd_namespace = "urn:cloister:crowd:0";
local focus_namespace = "http://jitsi.org/protocol/focus";
local most_remembered = 5000; -- arrivals of one meeting
local longest_memory = 600; -- seconds

-- What the provider of a household or an office hands out as one: 24 bits, or 48.
local function network_of(ip)
	local head = ip:match("^(%d+%.%d+%.%d+)%.%d+$");
	if head then
		return head;
	end
	local groups = {};
	for group in (ip:match("^(.-)::") or ip):gmatch("[^:]+") do
		groups[#groups + 1] = group;
	end
	return table.concat(groups, ":", 1, math.min(3, #groups));
end

local function door_of(room)
	room.cloister_door = room.cloister_door or { key = random(32), arrivals = {}, news = {} };
	return room.cloister_door;
end

local function tell_focus(room)
	local door, focus = door_of(room), meeting.focus_in(room);
	local news = door.news;
	door.news, door.timer = {}, nil;
	if not focus then
		return;
	end
	local crowd = st.iq({ type = "set", id = uuid(), from = room.jid, to = focus }):tag("crowd", { xmlns = crowd_namespace });
	for tag, joins in pairs(news) do
		crowd:tag("network", { tag = tag, joins = tostring(joins) }):up();
	end
	module:send(crowd:reset());
end

local function remember(door, ip)
	local arrivals, time = door.arrivals, now();
	arrivals[#arrivals + 1] = { at = time, ip = ip };
	while #arrivals > most_remembered or arrivals[1].at < time - longest_memory do
		table.remove(arrivals, 1);
	end
end

local function is_stranger(room, address)
	return not meeting.is_trusted(address) and not room:get_affiliation(address);
end

module:hook("muc-occupant-pre-join", function(event)
	local room, ip = event.room, event.origin.ip;
	if event.is_new_room or not ip or not is_stranger(room, event.stanza.attr.from) then
		return;
	end
	local door = door_of(room);
	remember(door, ip);
	local tag = base64(hmac(door.key, network_of(ip))):sub(1, 16);
	door.news[tag] = (door.news[tag] or 0) + 1;
	door.timer = door.timer or module:add_timer(1, function()
		tell_focus(room);
	end);
end, 350);

-- Addresses to ban: of those who came often, but of nobody behind whose address somebody is in who leads or was admitted.
local function busy_addresses(room, joins, seconds)
	local counts, spared = {}, {};
	for _, arrival in ipairs(door_of(room).arrivals) do
		if arrival.at >= now() - seconds then
			counts[arrival.ip] = (counts[arrival.ip] or 0) + 1;
		end
	end
	for _, occupant in room:each_occupant() do
		for address in occupant:each_session() do
			local session = prosody.full_sessions[address];
			if session and session.ip and room:get_affiliation(address) then
				spared[session.ip] = true;
			end
		end
	end
	local addresses = {};
	for ip, count in pairs(counts) do
		if count >= joins and not spared[ip] then
			addresses[#addresses + 1] = ip;
		end
	end
	table.sort(addresses, function(a, b) return counts[a] > counts[b]; end);
	return addresses;
end

module:hook("iq-get/bare/" .. crowd_namespace .. ":sources", function(event)
	local stanza = event.stanza;
	local room = get_room(jid.bare(stanza.attr.to));
	if not room or not meeting.is_focus(stanza.attr.from) then
		return meeting.refuse(event, "auth", "forbidden");
	end
	local query = stanza.tags[1];
	local reply = st.reply(stanza):tag("sources", { xmlns = crowd_namespace });
	for _, address in ipairs(busy_addresses(room, tonumber(query.attr.joins) or math.huge, tonumber(query.attr.seconds) or 0)) do
		reply:tag("source", { address = address }):up();
	end
	event.origin.send(reply:reset());
	return true;
end, 100);

-- What the focus decided

local function limit_in(presence)
	local properties = presence:get_child("conference-properties", focus_namespace);
	for property in (properties and properties:childtags("property") or function() end) do
		if property.attr.key == "most-participants" then
			return tonumber(property.attr.value);
		end
	end
end

local function tell_leaders(room)
	local words = "Many people came to this meeting at once. The lobby is on now: you let in whom you know. Who came most often is kept out.";
	for _, occupant in room:each_occupant() do
		local affiliation = room:get_affiliation(occupant.bare_jid);
		if (affiliation == "owner" or affiliation == "admin") and not meeting.is_focus(occupant.bare_jid) then
			room:route_to_occupant(occupant, st.message({ type = "groupchat", from = room.jid, id = uuid() }):text_tag("body", words));
		end
	end
end

module:hook("muc-occupant-pre-change", function(event)
	local room = event.room;
	if meeting.is_focus(event.stanza.attr.from) then
		local before = room.cloister_most;
		room.cloister_most = limit_in(event.stanza);
		if room.cloister_most and not before then
			tell_leaders(room);
		end
	end
end, 350);

module:hook("muc-occupant-pre-join", function(event)
	local room = event.room;
	local affiliation = room:get_affiliation(event.stanza.attr.from);
	if not room.cloister_most or affiliation == "owner" or affiliation == "admin" then
		return;
	end
	local there = -1; -- the focus is none
	for _ in room:each_occupant() do
		there = there + 1;
	end
	if there >= room.cloister_most then
		return meeting.refuse(event, "cancel", "service-unavailable", "The meeting is full");
	end
end, 340);
