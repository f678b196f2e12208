-- People meet in rooms: nobody writes to somebody's own address, which a room shows to all. What a removed one, or a meeting without
-- private chat, says no to would come that way.

local jid = require "util.jid";
local refuse = module:require "cloister_refusal";

local people = module:get_option_set("people_hosts", {});

refuse("pre-", { "bare", "full" }, 900, "service-unavailable", function(stanza)
	local node, host = jid.split(stanza.attr.to);
	return node and people:contains(host) and jid.bare(stanza.attr.to) ~= jid.bare(stanza.attr.from);
end);
