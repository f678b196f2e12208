"""What appliance/try promises: clear refusals, services that come back, nothing left behind."""

import json
import os
import signal
import socket
import ssl
import subprocess
import time
import unittest
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trial import TRY, Trial

WITHOUT = ("--without", "focus,bridge,gate")


def wait_until(met: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not met():
        if time.monotonic() > deadline:
            return False
    return True


def is_alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):  # the second: it ended while we read
        return False


class RunningTrialTest(unittest.TestCase):
    def setUp(self) -> None:
        self.trial = Trial(*WITHOUT)
        self.stack = self.trial.__enter__()
        self.addCleanup(self.trial.__exit__)
        self.base = self.stack["url"].rsplit("/", 1)[0]

    def get(self, path: str, method: str = "GET", **headers: str) -> Any:
        context = ssl.create_default_context(cafile=self.stack["ca"])
        request = urllib.request.Request(self.base + path, headers=headers, method=method)
        try:
            return urllib.request.urlopen(request, context=context, timeout=10)
        except urllib.error.HTTPError as answer:
            answer.close()
            return answer

    def test_killed_service_is_back_within_a_second(self) -> None:
        before = self.trial.services()["prosody"]["pid"]
        os.kill(before, signal.SIGKILL)
        self.assertTrue(wait_until(lambda: self.trial.services()["prosody"]["pid"] not in (before, None), 1.0))
        self.assertTrue(wait_until(lambda: self.get("/xmpp-websocket").status == 200, 5.0))
        self.assertEqual(self.trial.services()["prosody"]["restarts"], 1)

    def test_nothing_outlives_its_supervisor(self) -> None:
        pids = [service["pid"] for service in self.trial.services().values()]
        os.kill(self.trial.supervisor(), signal.SIGKILL)
        self.assertTrue(wait_until(lambda: not any(is_alive(pid) for pid in pids), 5.0))

    def test_stop_ends_all_and_takes_the_secrets_along(self) -> None:
        pids = [service["pid"] for service in self.trial.services().values()]
        self.assertEqual(self.trial.command("--stop").returncode, 0)
        self.assertFalse(any(is_alive(pid) for pid in pids))
        self.assertEqual(self.trial.command("--status").returncode, 3)
        self.assertFalse((self.trial.folder / "secrets").exists())

    def test_second_start_in_the_same_folder_is_refused(self) -> None:
        second = self.trial.command("--no-build", "--detach", *WITHOUT)
        self.assertEqual(second.returncode, 1)
        self.assertIn("It already runs", second.stderr)

    def test_second_trial_runs_beside_the_first(self) -> None:
        with Trial(*WITHOUT) as other:
            for port in ("https", "xmpp", "xmpp_http", "component"):  # those of the services that run here
                self.assertNotEqual(other["ports"][port], self.stack["ports"][port])

    def test_taken_port_is_refused_in_one_sentence(self) -> None:
        other = Trial(*WITHOUT, "--port", str(self.stack["ports"]["https"]))
        done = other.command("--no-build", "--port", str(self.stack["ports"]["https"]), *WITHOUT)
        self.assertEqual(done.returncode, 1)
        self.assertRegex(done.stderr, r"^appliance/try: Port \d+ is taken by another program: [^\n]*\n$")

    def test_rooms_are_the_page_and_missing_files_are_not(self) -> None:
        room = self.get("/some-room")
        self.assertEqual((room.status, room.headers.get_content_type()), (200, "text/html"))
        self.assertEqual(self.get("/assets/missing.js").status, 404)

    def test_page_may_load_and_do_only_what_it_needs(self) -> None:
        policy = self.get("/").headers["Content-Security-Policy"]
        self.assertIn("default-src 'none'", policy)
        for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*"):
            self.assertNotIn(word, policy)

    def test_pages_elsewhere_may_be_clients(self) -> None:
        origin = "http://127.0.0.1:9999"
        self.assertEqual(self.get("/config.js", Origin=origin).headers["Access-Control-Allow-Origin"], "*")
        self.assertIn(self.get("/http-bind", Origin=origin).headers["Access-Control-Allow-Origin"], ("*", origin))
        asked = self.get("/conference-request/v1", method="OPTIONS", Origin=origin)
        self.assertEqual(asked.headers["Access-Control-Allow-Origin"], "*")

    def test_old_tls_is_refused(self) -> None:
        context = ssl.create_default_context(cafile=self.stack["ca"])
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        with socket.create_connection(("localhost", self.stack["ports"]["https"])) as plain:
            with self.assertRaises(ssl.SSLError):
                context.wrap_socket(plain, server_hostname="localhost")


class ForegroundTrialTest(unittest.TestCase):
    def test_interrupt_ends_all(self) -> None:
        trial = Trial(*WITHOUT)
        command = [str(TRY), "--dir", str(trial.folder), "--json", "--no-build", *WITHOUT]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
            self.assertIn("url", json.loads(running.stdout.readline()))
            pids = [service["pid"] for service in trial.services().values()]
            running.send_signal(signal.SIGINT)
            rest, _ = running.communicate(timeout=20)
        self.assertEqual((running.returncode, rest), (0, ""))
        self.assertFalse(any(is_alive(pid) for pid in pids))


class RefusedTrialTest(unittest.TestCase):
    def test_service_that_cannot_start_is_quoted_and_nothing_is_left_running(self) -> None:
        trial = Trial("--without", "focus,gate")
        build = trial.folder / "build"
        broken = build / "components/videobridge/app/cloister-bridge"
        broken.parent.mkdir(parents=True)
        broken.write_text("#!/bin/sh\necho 'bridge.yaml:3: no such key' >&2\nexit 78\n")
        broken.chmod(0o755)
        done = trial.command("--no-build", "--detach", "--without", "focus,gate", "--build-dir", str(build))
        self.assertEqual(done.returncode, 1)
        last = done.stderr.splitlines()[-1]
        self.assertEqual(last, "appliance/try: cloister-bridge ended while it started: bridge.yaml:3: no such key")
        self.assertEqual(trial.command("--status").returncode, 3)

    def test_missing_binary_is_named_and_nothing_is_left_running(self) -> None:
        trial = Trial()
        done = trial.command("--no-build", "--detach", "--build-dir", "/nonexistent")
        self.assertEqual(done.returncode, 1)
        self.assertIn("is not built", done.stderr)
        self.assertEqual(trial.command("--status").returncode, 3)


if __name__ == "__main__":
    unittest.main()
