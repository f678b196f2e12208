"""cloister-load against the real stack: it joins like browsers do, and says what came."""

import json
import os
import subprocess
import unittest
from pathlib import Path
from typing import Any

from trial import ROOT, Trial

LOAD = Path(os.environ.get("CLOISTER_LOAD", ROOT / "build" / "bench" / "tests" / "load" / "cloister-load"))


def load(*options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(LOAD), *options], capture_output=True, text=True, check=False, timeout=150)


class MeetingTest(unittest.TestCase):
    def setUp(self) -> None:
        trial = Trial("--open-meetings")
        self.stack = trial.__enter__()
        self.addCleanup(trial.__exit__)

    def call(self, *options: str) -> dict[str, Any]:
        done = load("--url", self.stack["url"], "--ca-file", self.stack["ca"], "--json", "--seconds", "4", *options)
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        outcome: dict[str, Any] = json.loads(done.stdout)
        return outcome

    def assert_all_received(self, totals: dict[str, Any], participants: int) -> None:
        self.assertEqual((totals["in_call"], totals["complete"], totals["errors"]), (participants, participants, {}))
        self.assertEqual((totals["lost"], totals["strays"], totals["contradictions"]), (0, 0, 0))
        self.assertGreater(totals["delay_p99_ms"], 0)

    def test_ten_participants_receive_all_audio_and_the_video_that_they_want(self) -> None:
        totals = self.call("--participants", "10", "--senders", "all", "--talkers", "10")["totals"]
        self.assert_all_received(totals, 10)
        self.assertEqual((totals["heard"], totals["seen"]), (90, 90))
        self.assertEqual(totals["heights"], {"180": 80, "720": 10})

    def test_bridge_channel_may_be_a_web_socket(self) -> None:
        totals = self.call("--participants", "4", "--senders", "2", "--talkers", "1", "--websocket-channel")["totals"]
        self.assert_all_received(totals, 4)
        self.assertEqual(totals["heights"], {"180": 2, "720": 4})

    def test_foreign_certificate_is_refused_in_one_sentence(self) -> None:
        done = load("--url", self.stack["url"])
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr, r"^cloister-load: its certificate is not trusted: [^\n]*\n$")


class RefusedTest(unittest.TestCase):
    def test_only_this_machine_is_loaded_without_a_word(self) -> None:
        done = load("--url", "https://meet.example.test/room")
        self.assertEqual(done.returncode, 2)
        self.assertIn("--i-own-this-server", done.stderr)

    def test_number_of_participants_is_bounded(self) -> None:
        self.assertEqual(load("--url", "https://localhost:1/room", "--participants", "100000").returncode, 2)

    def test_nobody_there_is_said(self) -> None:
        done = load("--url", "https://localhost:1/room")
        self.assertEqual((done.returncode, done.stderr), (2, "cloister-load: nobody answers there.\n"))


if __name__ == "__main__":
    unittest.main()
