-- A provider of sign-ins whose accounts Prosody does not keep: `why` is said to who asks for one, `make_handler(session)` makes the SASL
-- handler of a session, anew after each failed attempt.

local function with_clone(make_handler)
	local function make(session)
		local handler = make_handler(session);
		function handler:clean_clone() -- luacheck: ignore 212/self
			return make(session);
		end
		return handler;
	end
	return make;
end

return function(why, make_handler)
	local function not_here()
		return nil, why;
	end
	local provider = {
		test_password = not_here;
		get_password = not_here;
		set_password = not_here;
		create_user = not_here;
		delete_user = not_here;
		user_exists = not_here;
		get_sasl_handler = with_clone(make_handler);
	};
	function provider.users()
		return next, {}, nil;
	end
	return provider;
end;
