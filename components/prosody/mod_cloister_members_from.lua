-- Closes a component to everyone who does not come from one of the hosts in `members_from`: nobody else can see, enter or address it.

local split = require "util.jid".split;
local st = require "util.stanza";

local hosts = module:get_option_set("members_from", {});

local function refuse_strangers(event)
	local stanza = event.stanza;
	local _, from = split(stanza.attr.from);
	if hosts:contains(from) or from == module.host then
		return;
	end
	if stanza.attr.type ~= "error" and stanza.attr.type ~= "result" then
		event.origin.send(st.error_reply(stanza, "cancel", "service-unavailable"));
	end
	return true;
end

for _, kind in ipairs({ "iq", "message", "presence" }) do
	for _, target in ipairs({ "host", "bare", "full" }) do
		module:hook(kind .. "/" .. target, refuse_strangers, 1000);
	end
end
