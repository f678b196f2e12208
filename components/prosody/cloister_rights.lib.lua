-- Who may do what, written from components/focus/rights/rights.h: change it there; a test compares and says how.
-- `switch`: where the meeting's policy can take it from participants and viewers.

return {
	start = { host = true, co_host = false, participant = false, viewer = false };
	end_for_all = { host = true, co_host = false, participant = false, viewer = false };
	lock = { host = true, co_host = false, participant = false, viewer = false };
	set_password = { host = true, co_host = false, participant = false, viewer = false };
	change_policy = { host = true, co_host = false, participant = false, viewer = false };
	grant = { host = true, co_host = false, participant = false, viewer = false };
	remove = { host = true, co_host = false, participant = false, viewer = false };
	admit = { host = true, co_host = true, participant = false, viewer = false };
	mute_others = { host = true, co_host = true, participant = false, viewer = false };
	stop_cameras = { host = true, co_host = true, participant = false, viewer = false };
	control_sharing = { host = true, co_host = true, participant = false, viewer = false };
	manage_breakout_rooms = { host = true, co_host = true, participant = false, viewer = false };
	microphone = { host = true, co_host = true, participant = true, viewer = false, switch = "microphone" };
	camera = { host = true, co_host = true, participant = true, viewer = false, switch = "camera" };
	screen = { host = true, co_host = true, participant = true, viewer = false, switch = "screen" };
	chat = { host = true, co_host = true, participant = true, viewer = true, switch = "chat" };
	private_chat = { host = true, co_host = true, participant = true, viewer = true, switch = "private_chat" };
	reactions = { host = true, co_host = true, participant = true, viewer = true, switch = "reactions" };
	raise_hand = { host = true, co_host = true, participant = true, viewer = true, switch = "raise_hand" };
	rename = { host = true, co_host = true, participant = true, viewer = true, switch = "rename" };
	record = { host = false, co_host = false, participant = false, viewer = false };
};
