-- Hosts: sign-in with an account that cloister-gate keeps. A client gives the password, with the code appended where the account asks
-- for one, or a token that it got from the gate before; PLAIN, inside TLS. What the gate says is final, and without the gate nobody
-- gets in. A client that comes back to its session after a lost connection sends the same once more; the gate then asks for no new code.
--
-- An account's address is NAME@<this host>, so the domain alone tells a host from a guest.

local async = require "util.async";
local http = require "net.http";
local json = require "util.json";
local new_sasl = require "util.sasl".new;

local new_provider = module:require "cloister_provider";
local resumption = module:require "cloister_resumption";
local url = assert(module:get_option_string("gate_url"), "gate_url is not set") .. "/v1/check";
local key = assert(module:get_option_string("gate_key"), "gate_key is not set");
local patience = module:get_option_number("gate_patience", 10); -- seconds; a check takes about 0.1

local refusals = {
	refused = { "not-authorized", "The name, the password or the code is wrong." },
	wait = { "temporary-auth-failure", "Too many attempts. Try again in %d seconds." },
	busy = { "temporary-auth-failure", "Too many people sign in right now. Try again in a moment." },
	unavailable = { "temporary-auth-failure", "Hosts cannot sign in at the moment. Try again later." },
};

local function read_answer(body, status)
	local answer = status == 200 and json.decode(body);
	return type(answer) == "table" and (answer.result == "accepted" or refusals[answer.result]) and answer or { result = "unavailable" };
end

-- Suspends the session's coroutine until the gate has answered: everybody else goes on.
local function ask_gate(question)
	local wait, done = async.waiter();
	local answer;
	local function finish(body, status)
		if not answer then
			answer = read_answer(body, status);
			done();
		end
	end
	local timer = module:add_timer(patience, finish);
	http.request(url, {
		method = "POST";
		headers = { Authorization = "Bearer " .. key, ["Content-Type"] = "application/json" };
		body = json.encode(question);
	}, finish);
	wait();
	timer:stop();
	return answer;
end

local function new_handler(session)
	local answer;
	local handler = new_sasl(module.host, {
		plain_test = function(_, user, password)
			answer = ask_gate({
				user = user,
				password = password,
				source = session.ip,
				resumes = resumption.find_name(session) == user,
			});
			return answer.result == "accepted", true;
		end;
	});
	local process = handler.process;
	function handler:process(message)
		answer = nil;
		local status, reply, text = process(self, message);
		local refusal = status == "failure" and answer and refusals[answer.result];
		if refusal then
			return status, refusal[1], refusal[2]:format(tonumber(answer.seconds) or 1);
		end
		return status, reply, text;
	end
	return handler;
end

-- Nobody learns from the XMPP server who has an account.
module:provides("auth", new_provider("The accounts of hosts are kept by cloister-gate: cloister host.", new_handler));
