"""A meeting over two real bridges, spread by the real focus, of participants like browsers."""

import json
import os
import re
import signal
import socket
import time
import unittest
from pathlib import Path

from bridge_process import PATIENCE, BridgeProcess, free_port
from load_test import load
from trial import Trial

PORTS = 4  # of each bridge's relays


def free_ports() -> int:
    """The first of a few UDP ports that nobody has."""
    while True:
        first = free_port(socket.SOCK_DGRAM)
        try:
            for port in range(first, first + PORTS):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as trial:
                    trial.bind(("127.0.0.1", port))
            return first
        except (OSError, OverflowError):
            continue


class TwoBridgesTest(unittest.TestCase):
    def setUp(self) -> None:
        self.trial = Trial("--open-meetings")
        self.stack = self.trial.__enter__()
        self.addCleanup(self.trial.__exit__)
        self.relays("second")
        self.second = BridgeProcess(self.trial)
        self.addCleanup(self.second.close)
        self.relays("trial")
        focus = self.trial.folder / "config/focus.yaml"
        focus.write_text(focus.read_text() + "\nbridges: {relays: true, strategy: region_based, max_participants: 3}\n")
        for name in ("cloister-bridge", "cloister-focus"):
            self.begin_anew(name)
        self.second.hear(lambda word: "READY=1" in word)

    def relays(self, name: str) -> None:
        """What a bridge that starts from now on is told of relays."""
        file: Path = self.trial.folder / "config/bridge.yaml"
        relay = f"relay: {{enabled: true, id: {name}, port: {free_ports()}, ports: {PORTS}}}"
        text, count = re.subn(r"(?m)^relay: .*$", relay, file.read_text())
        self.assertEqual(count, 1)
        file.write_text(re.sub(r"shards: \d+", "shards: 1", text))

    def begin_anew(self, name: str) -> None:
        before = self.trial.services()[name]["pid"]
        os.kill(before, signal.SIGTERM)
        deadline = time.monotonic() + PATIENCE
        while (now := self.trial.services()[name])["pid"] in (before, None) or now["state"] != "running":
            self.assertLess(time.monotonic(), deadline, f"{name} did not come back")

    # Focus checklist: 154
    # Checklist: 211, 212
    def test_everybody_sees_and_hears_everybody(self) -> None:
        options = ("--url", self.stack["url"], "--ca-file", self.stack["ca"], "--json", "--seconds", "6")
        done = load(*options, "--participants", "6", "--senders", "all", "--talkers", "6")
        self.assertEqual(done.returncode, 0, done.stderr + done.stdout)
        totals = json.loads(done.stdout)["totals"]
        self.assertEqual((totals["in_call"], totals["complete"], totals["errors"]), (6, 6, {}))
        self.assertEqual((totals["heard"], totals["seen"], totals["strays"]), (30, 30, 0))
        stats = self.second.stats()
        self.assertGreaterEqual(stats["total_participants"], 3)
        self.assertGreaterEqual(stats["total_relays"], 1)
        self.assertGreater(stats["total_packets_received_octo"], 1000)
        self.assertGreater(stats["total_packets_sent_octo"], 1000)


if __name__ == "__main__":
    unittest.main()
