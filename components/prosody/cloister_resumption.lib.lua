-- Who comes back: a client whose WebSocket broke signs in again with the resumption id of its session in the address (?previd=…).

local formdecode = require "util.http".formdecode;

local sessions = prosody.hosts[module.host].sessions;

local function previous_id(session)
	local request = session.websocket_request;
	local query = request and request.url and request.url.query;
	local parameters = query and formdecode(query);
	return type(parameters) == "table" and parameters.previd or nil;
end

-- The name whose live session on this host may be resumed with the id in the address; nil when there is none.
local function find_name(session)
	local id = previous_id(session);
	if not id then
		return nil;
	end
	for name, user in pairs(sessions) do
		for _, live in pairs(user.sessions) do
			if live.resumption_token == id then
				return name;
			end
		end
	end
end

return { find_name = find_name };
