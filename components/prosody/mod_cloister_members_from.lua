-- Closes a component to everyone who does not come from one of the hosts in `members_from`: nobody else can see, enter or address it.

local split = require "util.jid".split;
local refuse = module:require "cloister_refusal";

local hosts = module:get_option_set("members_from", {});

refuse("", { "host", "bare", "full" }, 1000, "service-unavailable", function(stanza)
	local _, from = split(stanza.attr.from);
	return not hosts:contains(from) and from ~= module.host;
end);
