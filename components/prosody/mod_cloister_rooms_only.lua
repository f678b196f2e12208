-- People meet in rooms: nobody writes to somebody's own address, which a room shows to all. What a removed one, or a meeting without
-- private chat, says no to would come that way.

local jid = require "util.jid";
local st = require "util.stanza";

local people = module:get_option_set("people_hosts", {});

local function refuse_direct(event)
	local stanza = event.stanza;
	local to = stanza.attr.to;
	local node, host = jid.split(to);
	if not node or not people:contains(host) or jid.bare(to) == jid.bare(stanza.attr.from) then
		return;
	end
	if stanza.attr.type ~= "error" and stanza.attr.type ~= "result" then
		event.origin.send(st.error_reply(stanza, "cancel", "service-unavailable"));
	end
	return true;
end

for _, kind in ipairs({ "iq", "message", "presence" }) do
	for _, target in ipairs({ "bare", "full" }) do
		module:hook("pre-" .. kind .. "/" .. target, refuse_direct, 900);
	end
end
