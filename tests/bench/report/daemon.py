"""P8, P19, P20, P21: the shipped program by itself."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .janus import Janus
from .line import Line
from .programs import NothingMeasured, Programs

# What every Debian has, and what any such program needs (performance.md §7, P21).
BASE = {"libc6", "libstdc++6", "libgcc-s1", "libssl3"}
NOBODY_LISTENS = 9  # the discard port: the bridge goes on trying to reach its XMPP server


def measure(programs: Programs, janus: Janus) -> list[Line]:
    with tempfile.TemporaryDirectory(prefix="cloister-bench-") as folder:
        starts = [_start_and_look(programs, Path(folder), idle=0) for _ in range(3)]
        last = _start_and_look(programs, Path(folder), idle=10 if programs.thorough else 5)
    start = min([*(one["start_ms"] for one in starts), last["start_ms"]])
    stripped, installed = _size(programs.bridge())
    resident = Line("P8", "resident memory, idle", last["resident_mb"], "MB", bar=12, bar_text="≤ 12 MB", regression=60)
    health = Line("P19", "start to the first answer about health", start, "ms", bar=50, bar_text="≤ 50 ms", regression=1000)
    return [
        resident,
        *janus.idle(resident.measured),
        health,
        *janus.start(start),
        Line("P20", "processor, idle", last["cpu_percent"], "% of a core", bar=0.05, bar_text="≤ 0.05 %", regression=5),
        Line("P21", "program, stripped", stripped, "MB", bar=4, bar_text="≤ 4 MB", regression=8),
        Line("P21", "program with its libraries beyond libssl, libstdc++", installed, "MB", bar=8, bar_text="≤ 8 MB", regression=32),
    ]


def _start_and_look(programs: Programs, folder: Path, idle: float) -> dict[str, float]:
    port = _free_port(socket.SOCK_STREAM)
    with _bridge(programs.bridge(), _settings(folder, port)) as (process, begin):
        while not _answers(port):
            if process.poll() is not None or time.monotonic() - begin > 10:
                raise NothingMeasured("cloister-bridge does not answer about its health")
        found = {"start_ms": (time.monotonic() - begin) * 1000}
        _let_pass(idle / 5)
        before = _cpu_seconds(process.pid)
        _let_pass(idle)
        if idle:
            found["cpu_percent"] = (_cpu_seconds(process.pid) - before) / idle * 100
        resident = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process.pid}/status").read_text())
        found["resident_mb"] = int(resident[1]) / 1024 if resident else 0
    return found


def _settings(folder: Path, port: int) -> Path:
    (folder / "password").write_text("none\n")
    file = folder / "bridge.yaml"
    # One authority, as an installation has it: reading them all takes longer than the start.
    authority = folder / "ca.pem"
    every = Path("/etc/ssl/certs/ca-certificates.crt").read_text()
    authority.write_text(every[: every.index("-----END CERTIFICATE-----") + 26])
    file.write_text(
        f"xmpp: {{host: 127.0.0.1, port: {NOBODY_LISTENS}, domain: auth.test, user: jvb, password_file: {folder}/password, "
        f"ca_file: {authority}, brewery: brewery@internal.test, nickname: bench}}\n"
        f"media: {{port: {_free_port(socket.SOCK_DGRAM)}, shards: 1, include_loopback: true}}\n"
        f"http: {{address: 127.0.0.1, port: {port}}}\n"
    )
    return file


@contextmanager
def _bridge(program: Path, settings: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    begin = time.monotonic()
    process = subprocess.Popen([str(program), "--config", str(settings)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process, begin
    finally:
        process.terminate()
        process.wait(10)


def _answers(port: int) -> bool:
    """Any answer: without its XMPP server it says that it is not well."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as asked:
            asked.sendall(b"GET /about/health HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
            return asked.recv(5) == b"HTTP/"
    except OSError:
        return False


def _let_pass(seconds: float) -> None:
    """What is measured is the time itself."""
    threading.Event().wait(seconds)


def _free_port(kind: int) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu_seconds(pid: int) -> float:
    return time.clock_gettime(~pid << 3 | 2)  # the process's clock, as clock_getcpuclockid(3) makes it


def _size(program: Path) -> tuple[float, float]:
    """MB of the stripped program, and with its libraries that are not Debian's base."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "program"
        shutil.copy2(program, copy)
        subprocess.run(["strip", str(copy)], check=True)
        stripped = copy.stat().st_size / 1e6
    loaded = subprocess.run(["ldd", str(program)], capture_output=True, text=True, check=True).stdout
    libraries = {os.path.realpath(path) for path in re.findall(r"=> (/\S+)", loaded)}
    return stripped, stripped + sum(Path(path).stat().st_size / 1e6 for path in libraries if _package_of(path) not in BASE)


def _package_of(library: str) -> str:
    for name in (library, library.removeprefix("/usr")):
        found = subprocess.run(["dpkg-query", "-S", name], capture_output=True, text=True, check=False).stdout
        if found:
            return found.split(":")[0]
    return ""
