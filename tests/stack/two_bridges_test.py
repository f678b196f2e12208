"""Two bridges: meetings spread over them, and one dies."""

import json
import signal
import subprocess
import threading
import time
import unittest
import urllib.request
from collections.abc import Callable
from typing import Any

from bridge_process import PATIENCE, BridgeProcess
from load_test import LOAD
from trial import Trial

PEOPLE = 4
SECONDS = 30
BETWEEN_LOOKS = threading.Event()  # never set


class TwoBridgesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.trial = Trial("--without", "gate", "--open-meetings")
        self.stack = self.trial.__enter__()
        self.addCleanup(self.trial.__exit__)
        self.second = BridgeProcess(self.trial)
        self.addCleanup(self.second.close)
        self.until(lambda: self.focus()["bridge_selector"]["operational_bridge_count"] == 2, "two bridges")

    def ask(self, port: str, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.stack['ports'][port]}{path}", timeout=PATIENCE) as answer:
            found: dict[str, Any] = json.load(answer)
        return found

    def focus(self) -> dict[str, Any]:
        return self.ask("focus_http", "/stats")

    def people(self) -> tuple[int, int]:
        """On the stack's own bridge, on the second one."""
        second = self.second.stats()["participants"] if self.second.process.poll() is None else 0
        return self.ask("bridge_http", "/colibri/stats")["participants"], second

    def until(self, done: Callable[[], bool], what: str, patience: float = 60) -> float:
        start = time.monotonic()
        while not done():
            self.assertLess(time.monotonic() - start, patience, what)
            BETWEEN_LOOKS.wait(0.05)
        return time.monotonic() - start

    def meet(self, room: str) -> subprocess.Popen[str]:
        url = self.stack["url"].rsplit("/", 1)[0] + "/" + room
        options = ["--url", url, "--ca-file", self.stack["ca"], "--json", "--quiet", "--seconds", str(SECONDS)]
        people = ["--participants", str(PEOPLE), "--senders", "all", "--talkers", str(PEOPLE)]
        meeting = subprocess.Popen([str(LOAD), *options, *people], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(meeting.kill)
        return meeting

    # Focus checklist: 158, 160, 162
    def test_meetings_spread_and_those_of_a_dead_bridge_go_on_within_15_seconds(self) -> None:
        meetings = [self.meet(room) for room in ("north", "south")]
        self.until(lambda: self.people() == (PEOPLE, PEOPLE), "a meeting on each bridge")
        self.until(lambda: self.second.stats()["packet_rate_download"] > 0, "sound on the second bridge")
        self.second.end(signal.SIGKILL)
        took = self.until(lambda: self.people() == (2 * PEOPLE, 0), "everybody on the bridge that is left", 15)
        print(f"everybody was on the other bridge after {took:.1f} s")
        for meeting in meetings:
            text, errors = meeting.communicate(timeout=SECONDS + 60)
            self.assertEqual(meeting.returncode, 0, errors + text)
            totals = json.loads(text)["totals"]
            self.assertEqual((totals["in_call"], totals["errors"]), (PEOPLE, {}))
            self.assertEqual((totals["heard"], totals["seen"]), (PEOPLE * (PEOPLE - 1), PEOPLE * (PEOPLE - 1)))
        moved = self.focus()["bridge_failures"]
        self.assertEqual((moved["participants_moved"], moved["bridges_removed"]), (PEOPLE, 1))


if __name__ == "__main__":
    unittest.main()
