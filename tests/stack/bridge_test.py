"""cloister-bridge in the stack: it reports to the brewery, comes back, and opens its channel to nobody unknown."""

import os
import signal
import unittest

from service import Service
from trial import Trial
from websocket import WebSocket

STATISTICS = ".//{http://jitsi.org/protocol/colibri}stats"


class BridgeTest(unittest.TestCase):
    def setUp(self) -> None:
        self.trial = Trial("--without", "focus")
        self.stack = self.trial.__enter__()
        self.addCleanup(self.trial.__exit__)

    def brewery(self) -> Service:
        """The focus's view of the brewery."""
        focus = Service(self.stack, "focus", self.trial.secret("focus"), "focus")
        self.addCleanup(focus.close)
        focus.join("jvbbrewery@internal.auth.cloister.internal", "focus")
        return focus

    def test_bridge_reports_to_the_brewery_and_returns_after_a_kill(self) -> None:
        focus = self.brewery()
        report = focus.next(lambda e: e.get("from", "").endswith("/trial") and e.find(STATISTICS) is not None)
        self.assertEqual(report.find(".//{*}item").get("jid").split("/")[0], "jvb@auth.cloister.internal")
        os.kill(self.trial.services()["cloister-bridge"]["pid"], signal.SIGKILL)
        focus.next(lambda e: e.get("from", "").endswith("/trial") and e.get("type") == "unavailable")
        focus.next(lambda e: e.get("from", "").endswith("/trial") and e.get("type") is None)

    def test_channel_is_closed_to_those_whom_no_meeting_knows(self) -> None:
        base = self.stack["websocket"].replace("/xmpp-websocket", "/colibri-ws/trial/0")
        self.assertEqual(WebSocket(f"{base}/0123456789abcdef/abcd1234?pwd=wrong", self.stack["ca"]).status, 403)
        self.assertEqual(WebSocket(f"{base}/only-a-part", self.stack["ca"]).status, 404)


if __name__ == "__main__":
    unittest.main()
