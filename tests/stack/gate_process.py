"""cloister-gate by itself, with settings of a test's own: started, asked over HTTP, ended."""

import http.client
import json
import os
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from bridge_process import free_port
from trial import ROOT

BUILD = ROOT / "build" / "release"
KEY = "a key of more than twenty characters"


class GateProcess:
    """`settings`: lines of gate.yaml beyond those that every gate needs."""

    def __init__(self, settings: str = "") -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="cloister-gate-")
        self.folder = Path(self._temporary.name)
        self.port = free_port()
        (self.folder / "callers").write_text(KEY)
        (self.folder / "gate.yaml").write_text(
            f"state: {{database: {self.folder}/hosts.sqlite3, key_file: {self.folder}/seal.key}}\n"
            f"http: {{port: {self.port}, callers_key_file: {self.folder}/callers}}\n"
            f"password_cost: {{memory_kib: 1024, passes: 1}}\n{settings}"
        )
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *options: str) -> list[str]:
        return [str(BUILD / "components/gate/app/cloister-gate"), "--config", str(self.folder / "gate.yaml"), *options]

    def run(self, *options: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(self.command(*options), capture_output=True, text=True, check=False, timeout=20)

    def cloister(self, *arguments: str, said: str = "") -> None:
        command = [str(BUILD / "appliance/cli/cloister"), "host", "--config", str(self.folder / "gate.yaml"), *arguments]
        subprocess.run(command, input=said, text=True, check=True, capture_output=True, timeout=20)

    def start(self) -> None:
        """Until it is ready, as it tells a service manager."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, open(self.folder / "log", "ab") as log:
            manager.bind(str(self.folder / "notify"))
            manager.settimeout(20)
            environment = os.environ | {"NOTIFY_SOCKET": str(self.folder / "notify")}
            self.process = subprocess.Popen(self.command(), env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            assert manager.recv(1000) == b"READY=1"
        (self.folder / "notify").unlink()

    def post(self, path: str, body: dict[str, Any], **headers: str) -> tuple[int, dict[str, Any]]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        said = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"} | headers
        connection.request("POST", path, json.dumps(body), said)
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text.startswith(b"{") else {}

    def end(self) -> int:
        assert self.process
        self.process.terminate()
        return self.process.wait(timeout=10)

    def log(self) -> str:
        return (self.folder / "log").read_text()

    def close(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()
        self._temporary.cleanup()
