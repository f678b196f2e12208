-- Closes a virtual host to browsers: its accounts sign in by TCP, which listens on loopback only.

module:hook("stream-features", function(event)
	local session = event.origin;
	if session.websocket_request or session.bosh_version then
		session:close({ condition = "host-unknown", text = "This server does not serve that host here" });
		return true;
	end
end, 1000);
