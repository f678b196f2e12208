-- Guests: sign-in without an account, under a fresh random name.
--
-- The name is a UUID: clients take its first eight hex digits as their room nickname. A client whose WebSocket broke signs in again
-- with the resumption id of its session in the address (?previd=…); it then gets its old name back, else mod_smacks would look for
-- the session under the new name and refuse. The id is a secret of that one session (144 random bits, made by mod_smacks).

local new_sasl = require "util.sasl".new;
local uuid = require "util.uuid".generate;
local new_provider = module:require "cloister_provider";
local resumption = module:require "cloister_resumption";

local function choose_name(session)
	return resumption.find_name(session) or uuid();
end

local function new_handler(session)
	local handler = new_sasl(module.host, { anonymous = function() return true; end });
	local process = handler.process;
	function handler:process(message)
		local status, reply, text = process(self, message);
		if status == "success" then
			self.username = choose_name(session);
		end
		return status, reply, text;
	end
	return handler;
end

module:provides("auth", new_provider("Guests have no accounts.", new_handler));

module:hook("route/remote", function() return false; end, 300); -- guests talk to this server only
