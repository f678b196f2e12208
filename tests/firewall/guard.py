"""cloister-guard in the server's namespace, and what may be asked of it."""

import json
import os
import signal
import socket
import struct
import subprocess
import tempfile
import time
import unittest
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from network import V4, Machine, Network

ROOT = Path(__file__).resolve().parent.parent.parent
BUILD = Path(os.environ.get("CLOISTER_BUILD", ROOT / "build" / "release"))
GUARD = BUILD / "hardening/firewall/guard/cloister-guard"
CLOISTER = BUILD / "appliance/cli/cloister"
PATIENCE = 10.0  # seconds
STATUS, BAN, UNBAN, RELOAD, APPLY, CONFIRM = range(1, 7)
DONE, NOT_UNDERSTOOD, NOT_ALLOWED, BAD_SETTINGS, KERNEL_REFUSED, SET_IS_FULL, NOT_BANNED, NOTHING_TO_CONFIRM = range(8)

SETTINGS: dict[str, Any] = {
    "confirm_within_seconds": 1,
    "clients": ["1001"],
    "input": [
        {"name": "ssh", "protocol": "tcp", "ports": ["22"]},
        {"name": "web", "protocol": "tcp", "ports": ["80", "443"]},
        {"name": "stun", "protocol": "udp", "ports": ["3478"]},
        {"name": "media", "protocol": "udp", "ports": ["10000-10003"]},
    ],
    "output": [
        {"name": "dns", "protocol": "udp", "ports": ["53"]},
        {"name": "time", "protocol": "udp", "ports": ["123"], "user": "1002"},
        {"name": "updates", "protocol": "tcp", "ports": ["80", "443"], "user": "1003"},
        {"name": "media", "protocol": "udp", "from_ports": ["10000-10003"], "user": "1001"},
    ],
}


def until(condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Asks again and again, for a while; the first answer that is true."""
    deadline = time.monotonic() + patience
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as nothing:
        nothing.settimeout(0.01)
        while not (found := condition()):
            if time.monotonic() > deadline:
                raise AssertionError(f"not within {patience} s: {what}")
            try:
                nothing.recv(1)
            except TimeoutError:
                pass
    return found


class Guard:
    def __init__(self, machine: Machine, settings: dict[str, Any] | str = SETTINGS, prefix: Iterable[str] = (), **environment: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        folder = Path(self._folder.name)
        folder.chmod(0o777)  # one test runs it without root
        self.machine = machine
        self.settings_file = folder / "firewall.yaml"
        self.socket_path = str(folder / "socket")
        self.configure(settings)
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(str(folder / "notify"))
        (folder / "notify").chmod(0o666)
        self.notices.settimeout(PATIENCE)
        self._errors = tempfile.TemporaryFile()
        command = [*prefix, str(GUARD), "--config", str(self.settings_file), "--socket", self.socket_path]
        self.process = subprocess.Popen(
            machine.command(*command), stderr=self._errors, env=os.environ | environment | {"NOTIFY_SOCKET": str(folder / "notify")}
        )

    def configure(self, settings: dict[str, Any] | str) -> None:
        self.settings_file.write_text(settings if isinstance(settings, str) else json.dumps(settings))

    def wait_ready(self) -> "Guard":
        if self.notices.recv(4096) != b"READY=1":
            raise AssertionError("its first word to systemd is not READY=1")
        return self

    def ask(self, kind: int, addresses: Iterable[str] = (), seconds: int = 60, user: int = 0) -> tuple[int, dict[str, int], str]:
        """Its answer: outcome, totals, text."""
        record = bytes([1, kind])
        if kind in (BAN, UNBAN):
            packed = [socket.inet_pton(socket.AF_INET6 if ":" in a else V4, a) for a in addresses]
            v4, v6 = [a for a in packed if len(a) == 4], [a for a in packed if len(a) == 16]
            record += struct.pack("!IHH", seconds, len(v4), len(v6)) + b"".join(v4 + v6)
        answer = self.ask_bytes(record, user)
        numbers = struct.unpack_from("!IIIIIB", answer, 2)
        names = ("bans4", "bans6", "rules", "restored", "seconds_to_confirm", "in_force")
        return answer[1], dict(zip(names, numbers, strict=True)), answer[23:].decode()

    def ask_bytes(self, record: bytes, user: int = 0) -> bytes:
        os.seteuid(user)
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as connection:
                connection.settimeout(PATIENCE)
                connection.connect(self.socket_path)
                connection.send(record)
                return connection.recv(65536)
        finally:
            os.seteuid(0)

    def status(self) -> dict[str, int]:
        return self.ask(STATUS)[1]

    def cloister(self, *words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        command = self.machine.command(str(CLOISTER), "firewall", "--socket", self.socket_path, *words)
        return subprocess.run(command, input=stdin, capture_output=True, text=True, check=False)

    def plan(self) -> subprocess.CompletedProcess[str]:
        return self.cloister("plan", "--config", str(self.settings_file))

    def seconds_used(self) -> float:
        """Of a processor, by it and by the kernel in its name: others use this machine too."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def memory_peak(self) -> int:
        """Bytes."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))

    def errors(self) -> str:
        """What it said so far."""
        self._errors.seek(0)
        return self._errors.read().decode()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        self.notices.close()
        self._folder.cleanup()
        return status


class FirewallTest(unittest.TestCase):
    """A new network for each class; a new guard for each test that wants one."""

    network: Network

    @classmethod
    def setUpClass(cls) -> None:
        cls.network = Network()
        cls.addClassCleanup(cls.network.close)

    def guard(self, settings: dict[str, Any] | str = SETTINGS, prefix: Iterable[str] = (), **environment: str) -> Guard:
        guard = Guard(self.network.server, settings, prefix, **environment)
        self.addCleanup(self.network.server.run, "nft", "flush", "ruleset")
        self.addCleanup(guard.stop)
        return guard

    def rules(self) -> str:
        return self.network.server.run("nft", "list", "ruleset")

    def asked(self, answer: tuple[int, dict[str, int], str], outcome: int = DONE) -> tuple[int, dict[str, int], str]:
        self.assertEqual(answer[0], outcome, answer[2])
        return answer
