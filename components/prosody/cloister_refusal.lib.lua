-- Refuses, of all that is sent, what a module's judge says is refused; what is itself an answer is dropped without a word.

local st = require "util.stanza";

-- `stage`: "" for what arrives, "pre-" for what leaves. `targets`: host, bare, full, of the address. `judge(stanza)`: true when refused.
return function(stage, targets, priority, condition, judge)
	local function look(event)
		local stanza = event.stanza;
		if not judge(stanza) then
			return;
		end
		if stanza.attr.type ~= "error" and stanza.attr.type ~= "result" then
			event.origin.send(st.error_reply(stanza, "cancel", condition, nil, module.host));
		end
		return true;
	end
	for _, kind in ipairs({ "iq", "message", "presence" }) do
		for _, target in ipairs(targets) do
			module:hook(stage .. kind .. "/" .. target, look, priority);
		end
	end
end;
