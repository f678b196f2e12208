"""A meeting over the trial, with canaries in all that its people say, and with all that goes wrong; then everything that the services have
written and printed is searched. The same on an installed server, with its whole disk: tests/privacy."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from load_test import LOAD
from meeting import until
from trial import BUILD, ROOT, TRY, Trial

sys.path[:0] = [str(ROOT / "tests/privacy"), str(ROOT / "tests/privacy/search")]

import canaries  # noqa: E402
import places  # noqa: E402
from needles import Canary  # noqa: E402
from scanner import Hit, Search  # noqa: E402
from visits import Visit, crashing  # noqa: E402

ADDRESS = "127.113.219.77"
SYSTEM = [Path(folder) for folder in ("/var/log", "/var/lib", "/var/tmp", "/run", "/dev/shm")]


class PrivacyTest(unittest.TestCase):
    def setUp(self) -> None:
        self.began = time.time_ns()
        self.trial = Trial()
        self.printed = self.trial.folder / "printed"
        command = [str(TRY), "--dir", str(self.trial.folder), "--json", "--no-build", *(["--build-dir", BUILD] if BUILD else [])]
        with self.printed.open("wb") as printed:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=printed)
        self.addCleanup(self.end)
        assert self.process.stdout
        self.stack: dict[str, Any] = json.loads(self.process.stdout.readline())
        self.said = canaries.people()

    def end(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.communicate()

    # What the meeting was.

    def visit(self, stage: str) -> Visit:
        account = self.stack["host"]
        facts = self.stack | {"media": self.stack["ports"]["media"]}
        return Visit(stage, {"facts": facts, "canaries": self.said, "host": [account["name"], account["password"]], "source": ADDRESS})

    @contextlib.contextmanager
    def browsers(self) -> Iterator[None]:
        """Three in a call, who crash at the end."""
        page = f"{self.stack['url'].rsplit('/', 1)[0]}/{self.said['open_room']}"
        command = [str(LOAD), "--url", page, "--ca-file", self.stack["ca"], "--json", "--name", self.said["name"]]
        options = ["--participants", "3", "--senders", "all", "--talkers", "3", "--seconds", "60"]
        with crashing([*command, *options]):
            yield

    def kill(self, service: str) -> None:
        before = self.trial.services()[service]["pid"]
        os.kill(before, signal.SIGKILL)
        until(lambda: self.trial.services()[service]["pid"] not in (before, None))

    # Where it may have left something.

    def search(self) -> Iterator[Hit]:
        password = Canary("host_password", self.stack["host"]["password"])
        search = Search([*canaries.of(self.said), Canary("address", ADDRESS), password])
        yield from places.tree(search, self.trial.folder)
        for folder in SYSTEM:
            yield from places.tree(search, folder, since_ns=self.began)

    def found(self) -> list[str]:
        return sorted(map(str, self.search()))

    def test_a_meeting_leaves_nothing_behind(self) -> None:
        with self.visit("meeting"), self.browsers():
            pass
        with self.visit("failures"):
            pass
        self.assertEqual(self.found(), [])
        for service in self.trial.services():
            self.kill(service)
        self.end()
        self.assertEqual(self.found(), [], "nor when all is over")
        self.assertIn("ended (signal 9)", self.printed.read_text(), "what they print was read")
        (self.trial.folder / "forgotten").write_text(f"who={self.said['name'].encode().hex()}")
        self.assertEqual({hit.split(" ")[0] for hit in self.found()}, {"name"}, "what is there is found")


if __name__ == "__main__":
    unittest.main()
