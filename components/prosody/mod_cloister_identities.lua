-- What this server can do beside rooms, for clients to find (protocol/focus.md §1.6): each service's address as the name of an identity
-- in the host's disco#info. `services = { polls = "polls.example", … }`, by the type that clients know.

local services = module:get_option("services", {});

local types = {};
for kind in pairs(services) do
	table.insert(types, kind);
end
table.sort(types);

for _, kind in ipairs(types) do
	module:add_identity("component", kind, services[kind]);
end
