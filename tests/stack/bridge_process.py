"""A second bridge beside the stack's own, whose service manager is the test: it may be signalled, reloaded and ended."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from trial import Trial

PATIENCE = 15.0


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


class BridgeProcess:
    def __init__(self, trial: Trial, watchdog_seconds: float = 60) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="cloister-bridge-"))
        self._file = self._folder / "bridge.yaml"
        self.http = free_port()
        text = (trial.folder / "config/bridge.yaml").read_text()
        for pattern, new in (
            (r"nickname: trial", "nickname: second"),
            (r"(media:\n  port:) \d+", rf"\1 {free_port(socket.SOCK_DGRAM)}"),
            (r"shards: \d+", "shards: 1"),
            (r"(address: 127.0.0.1\n  port:) \d+", rf"\1 {self.http}"),
        ):
            text, count = re.subn(pattern, new, text)
            assert count == 1, pattern
        self._file.write_text(text)
        self.words: list[str] = []
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._manager.bind(str(self._folder / "notify"))
        environment = dict(os.environ, NOTIFY_SOCKET=str(self._folder / "notify"))
        environment["WATCHDOG_USEC"] = str(int(watchdog_seconds * 1e6))
        self._log = (self._folder / "log").open("w+")
        self.command = [str(trial.folder / "bin/cloister-bridge"), "--config", str(self._file)]
        self.process = subprocess.Popen(self.command, env=environment, stderr=self._log)

    def change(self, old: str, new: str) -> None:
        text = self._file.read_text()
        assert old in text, old
        self._file.write_text(text.replace(old, new))

    def hang_up(self) -> None:
        self.process.send_signal(signal.SIGHUP)

    def hear(self, wanted: Callable[[str], bool]) -> str:
        """The next word to the service manager that is wanted."""
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            self._manager.settimeout(left)
            word = self._manager.recv(4096).decode()
            self.words.append(word)
            if wanted(word):
                return word
        raise AssertionError(f"not heard; only {self.words}")

    def ask(self, path: str, body: str | None = None, **headers: str) -> tuple[int, str]:
        data = None if body is None else body.encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.http}{path}", data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refused:
            return refused.code, refused.read().decode()

    def stats(self) -> dict[str, Any]:
        stats: dict[str, Any] = json.loads(self.ask("/colibri/stats")[1])
        return stats

    def log(self) -> str:
        return (self._folder / "log").read_text()

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=PATIENCE)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._manager.close()
        self._log.close()
        shutil.rmtree(self._folder)
