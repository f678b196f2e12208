"""cloister-bridge in the stack: it reports to the brewery, comes back, and opens its channel to nobody unknown."""

import json
import os
import signal
import subprocess
import time
import unittest
import xml.etree.ElementTree as ET

from bridge_process import BridgeProcess
from service import Service
from trial import Trial
from websocket import WebSocket

STATISTICS = ".//{http://jitsi.org/protocol/colibri}stats"
BREWERY = "jvbbrewery@internal.auth.cloister.internal"
COLIBRI = "jitsi:colibri2"
ENDPOINT = "<endpoint id='ab12cd34' create='true'><capability name='source-names'/><transport ice-controlling='true'/></endpoint>"


class BridgeTest(unittest.TestCase):
    def setUp(self) -> None:
        self.trial = Trial("--without", "focus,gate")
        self.stack = self.trial.__enter__()
        self.addCleanup(self.trial.__exit__)

    def brewery(self) -> Service:
        """The focus's view of the brewery."""
        focus = Service(self.stack, "focus", self.trial.secret("focus"), "focus")
        self.addCleanup(focus.close)
        focus.join(BREWERY, "focus")
        return focus

    # Checklist: 1, 2, 6
    def test_bridge_reports_to_the_brewery_and_returns_after_a_kill(self) -> None:
        focus = self.brewery()
        report = focus.next(lambda e: e.get("from", "").endswith("/trial") and e.find(STATISTICS) is not None)
        self.assertEqual(report.find(".//{*}item").get("jid").split("/")[0], "jvb@auth.cloister.internal")
        os.kill(self.trial.services()["cloister-bridge"]["pid"], signal.SIGKILL)
        focus.next(lambda e: e.get("from", "").endswith("/trial") and e.get("type") == "unavailable")
        focus.next(lambda e: e.get("from", "").endswith("/trial") and e.get("type") is None)

    # Checklist: 177
    def test_channel_is_closed_to_those_whom_no_meeting_knows(self) -> None:
        base = self.stack["websocket"].replace("/xmpp-websocket", "/colibri-ws/trial/0")
        self.assertEqual(WebSocket(f"{base}/0123456789abcdef/abcd1234?pwd=wrong", self.stack["ca"]).status, 403)
        self.assertEqual(WebSocket(f"{base}/only-a-part", self.stack["ca"]).status, 404)


class OperatedBridgeTest(unittest.TestCase):
    """What an operator and a service manager do with a bridge, seen by the focus in the brewery."""

    trial: Trial

    @classmethod
    def setUpClass(cls) -> None:
        cls.trial = Trial("--without", "focus,gate")
        cls.stack = cls.trial.__enter__()
        cls.addClassCleanup(cls.trial.__exit__)

    def setUp(self) -> None:
        self.focus = Service(self.stack, "focus", self.trial.secret("focus"), f"focus-{self.id()[-12:]}")
        self.addCleanup(self.focus.close)
        self.focus.join(BREWERY, f"focus-{self.id()[-12:]}")
        self.bridge = BridgeProcess(self.trial, watchdog_seconds=4)
        self.addCleanup(self.bridge.close)
        self.bridge.hear(lambda word: word == "READY=1")
        self.presence(drain="false", healthy="true")

    def presence(self, **expected: str) -> dict[str, str]:
        """The first report of the second bridge that says so."""

        def stats(element: ET.Element) -> dict[str, str]:
            found = element.find(STATISTICS)
            return {} if found is None else {s.attrib["name"]: s.attrib["value"] for s in found}

        wanted = expected.items()
        return stats(self.focus.next(lambda e: e.get("from", "").endswith("/second") and wanted <= stats(e).items()))

    def ask_bridge(self, name: str, meeting: str, content: str, more: str = "") -> ET.Element:
        modify = f"<conference-modify xmlns='{COLIBRI}' meeting-id='{meeting}' {more}>{content}</conference-modify>"
        self.focus.send(f"<iq type='set' id='{name}' to='{BREWERY}/second'>{modify}</iq>")
        return self.focus.next(lambda e: e.tag.endswith("}iq") and e.get("id") == name)

    # Checklist: 28
    def test_the_service_manager_hears_of_life_state_and_end(self) -> None:
        for _ in range(3):
            self.bridge.hear(lambda word: word == "WATCHDOG=1")
        status = self.bridge.hear(lambda word: word.startswith("STATUS="))
        self.assertRegex(status, r"^STATUS=0 conferences, 0 participants, stress \d\.\d\d$")
        started = time.monotonic()
        self.assertEqual(self.bridge.end(), 0)
        self.assertLess(time.monotonic() - started, 10)
        self.bridge.hear(lambda word: word == "STOPPING=1")
        self.focus.next(lambda e: e.get("from", "").endswith("/second") and e.get("type") == "unavailable")

    # Checklist: 4, 5
    def test_reports_come_every_few_seconds_and_are_fresh(self) -> None:
        first = self.presence()
        started = time.monotonic()
        second = self.presence()
        self.assertLess(time.monotonic() - started, 10)
        self.assertNotEqual(first["current_timestamp"], second["current_timestamp"])
        self.assertRegex(second["stress_level"], r"^\d\.\d+$")

    # Checklist: 24
    def test_drain_by_http_is_told_to_the_focus_at_once(self) -> None:
        self.assertEqual(self.bridge.ask("/colibri/drain"), (200, '{"drain":false}'))
        self.assertEqual(self.bridge.ask("/colibri/drain/enable", "")[0], 200)
        self.presence(drain="true")
        self.assertEqual(self.bridge.ask("/colibri/drain/disable", "")[0], 200)
        self.presence(drain="false")

    # Checklist: 20, 21, 22, 23
    def test_health_version_statistics_and_metrics_are_there(self) -> None:
        self.assertEqual(self.bridge.ask("/about/health"), (200, ""))
        self.assertEqual(json.loads(self.bridge.ask("/about/version")[1])["name"], "cloister-bridge")
        self.presence(mucs_joined="1")
        self.assertEqual(self.bridge.stats()["mucs_joined"], 1)
        self.assertIn("\njitsi_jvb_stress ", self.bridge.ask("/metrics")[1])
        self.assertEqual(self.bridge.ask("/colibri/shutdown", '{"graceful-shutdown":true}')[0], 404)

    def test_settings_read_again_change_what_can_and_name_what_cannot(self) -> None:
        self.bridge.change("drain: false", "drain: true")
        self.bridge.change("shards: 1", "shards: 3")
        self.bridge.change('region: "trial"', 'region: "elsewhere"')
        self.bridge.hang_up()
        self.bridge.hear(lambda word: word.startswith("RELOADING=1\n"))
        self.bridge.hear(lambda word: word == "READY=1")
        self.presence(drain="true", region="elsewhere")
        self.assertIn("only a restart changes media.shards\n", self.bridge.log())

    def test_bad_settings_change_nothing_and_say_so(self) -> None:
        self.bridge.change("drain: false", "drain: perhaps\nregoin: x")
        self.bridge.hang_up()
        for _ in range(2):  # the second one was sent after the signal came
            self.bridge.hear(lambda word: word.startswith("STATUS="))
        self.assertIn("the settings stay as they were\n", self.bridge.log())
        self.assertIn("drain: has a value of the wrong kind", self.bridge.log())
        self.assertEqual(self.bridge.ask("/colibri/drain"), (200, '{"drain":false}'))

    # Checklist: 8, 25, 42
    def test_graceful_shutdown_waits_for_the_meeting_and_takes_no_other(self) -> None:
        self.bridge.change("shutdown: {}", "shutdown: {http: true, farewell_seconds: 1}")
        self.bridge.hang_up()
        self.bridge.hear(lambda word: word == "READY=1")
        created = self.ask_bridge("one", "m1", ENDPOINT, "create='true'")
        self.assertIsNotNone(created.find(".//{urn:xmpp:jingle:transports:ice-udp:1}transport"))
        self.assertEqual(self.bridge.ask("/colibri/shutdown", '{"graceful-shutdown":true}')[0], 200)
        self.presence(graceful_shutdown="true", shutting_down="false")
        refused = self.ask_bridge("two", "m2", ENDPOINT, "create='true'")
        self.assertEqual(refused.find(f".//{{{COLIBRI}}}error").get("reason"), "graceful_shutdown")
        self.assertIsNotNone(refused.find(".//{*}service-unavailable"))
        self.ask_bridge("three", "m1", "", "expire='true'")
        self.presence(graceful_shutdown="true", shutting_down="true")
        self.assertEqual(self.bridge.process.wait(timeout=15), 0)

    # Checklist: 29
    def test_a_bridge_without_good_settings_does_not_start(self) -> None:
        self.bridge.change("http:\n", "htpp:\n")
        done = subprocess.run(self.bridge.command, capture_output=True, text=True, timeout=10, check=False)
        self.assertEqual(done.returncode, 78)
        self.assertIn("htpp: is not a setting of this program", done.stderr)

    # Checklist: 11, 13, 14, 17
    def test_questions_by_iq_are_answered_with_their_id(self) -> None:
        for name, payload, answer in (
            ("v", "<query xmlns='jabber:iq:version'/>", "{jabber:iq:version}version"),
            ("h", "<healthcheck xmlns='http://jitsi.org/protocol/healthcheck'/>", None),
            ("u", "<nonsense xmlns='urn:example'/>", "{urn:ietf:params:xml:ns:xmpp-stanzas}service-unavailable"),
        ):
            with self.subTest(name):
                self.focus.send(f"<iq type='get' id='{name}' to='{BREWERY}/second'>{payload}</iq>")
                reply = self.focus.next(lambda e, name=name: e.tag.endswith("}iq") and e.get("id") == name)
                self.assertEqual(reply.get("type"), "error" if name == "u" else "result")
                if answer:
                    self.assertIsNotNone(reply.find(f".//{answer}"))


if __name__ == "__main__":
    unittest.main()
