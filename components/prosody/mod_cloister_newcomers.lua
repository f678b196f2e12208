-- Who has connected but not signed in: few of one source may take their time, and nobody may take a minute. Signing in takes a moment, so
-- a class that comes at once behind one address notices nothing.

module:set_global();

local ip = require "util.ip";
local now = require "util.time".now;

local most = module:get_option_number("cloister_newcomers_of_one_source", 3);
local moment = module:get_option_number("cloister_newcomer_moment", 10); -- seconds
local longest = module:get_option_number("cloister_newcomer_seconds", 60);

local connected = { module:shared("/*/c2s/sessions"), module:shared("/*/bosh/sessions") }; -- the first has WebSockets, too
local since = setmetatable({}, { __mode = "k" });

-- An IPv4 address, or a /64: what one customer of a provider has.
local function source_of(session)
	local address = session.ip and ip.new_ip(session.ip);
	return address and (address.proto == "IPv6" and ip.truncate(address, 64).normal or address.normal) or "";
end

-- By source, those that have been here for longer than a moment.
local function lingering(time)
	local found = {};
	for _, sessions in ipairs(connected) do
		for _, session in pairs(sessions) do
			if session.type == "c2s_unauthed" and not session.destroyed then
				since[session] = since[session] or session.conntime or time;
				if time - since[session] > moment then
					local source = source_of(session);
					found[source] = found[source] or {};
					table.insert(found[source], session);
				end
			end
		end
	end
	return found;
end

-- To who has not said yet what it wants, nothing is said.
local function refuse(session)
	if session.notopen then
		session.conn:close();
		return;
	end
	session:close({ condition = "policy-violation", text = "Sign in without delay" });
end

module:add_timer(1, function()
	local time = now();
	for _, sessions in pairs(lingering(time)) do
		table.sort(sessions, function(a, b) return since[a] > since[b]; end);
		for i, session in ipairs(sessions) do
			if i > most or time - since[session] > longest then
				refuse(session);
			end
		end
	end
	return 1;
end);
