"""Debian's Janus beside us: a media server of another make, with the same load in the same run. Where it is not installed its lines are
missing; appliance/packages/bench names it."""

import re
import shutil
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .line import Line
from .network import BRIDGE_IP, ahead
from .programs import NothingMeasured, Programs

PROGRAM = "/usr/bin/janus"
MODULES = Path("/usr/lib/x86_64-linux-gnu/janus")
PORT = 18088
PACKETS_PER_SECOND = 150  # of one stream: tests/bench/forward/scene.h


class Janus:
    def __init__(self, programs: Programs, process: int | None, start_ms: float | None, idle_mb: float | None) -> None:
        self._programs = programs
        self._process = process
        self._start_ms = start_ms
        self._idle_mb = idle_mb
        self._fifty: dict[str, Any] = {}

    @classmethod
    @contextmanager
    def beside(cls, programs: Programs, where: list[str]) -> Iterator["Janus"]:
        """One that starts and rests on loopback, then one that forwards where the bridge would."""
        if not Path(PROGRAM).exists() or not shutil.which("ip"):
            yield cls(programs, None, None, None)
            return
        with tempfile.TemporaryDirectory(prefix="cloister-bench-") as folder:
            start_ms, idle_mb = _start_and_rest(Path(folder))
            namespace = where[where.index("--bridge-namespace") + 1] if "--bridge-namespace" in where else None
            if namespace is None:  # over loopback it finds no candidates
                yield cls(programs, None, start_ms, idle_mb)
                return
            enter = ["ip", "netns", "exec", namespace]
            cpu = where[where.index("--bridge-cpu") + 1] if "--bridge-cpu" in where else None
            pinned = ["taskset", "-c", cpu] if cpu else []
            with _running([*enter, *pinned, *ahead()], _configuration(Path(folder), BRIDGE_IP)) as process:
                threading.Event().wait(1)  # nobody can ask it from here
                yield cls(programs, process.pid, start_ms, idle_mb)

    def forwarding(self, goal: str, receivers: int, rooms: int, ours: float | None, bar: float | None) -> list[Line]:
        run = self._run(receivers, rooms)
        if not run or ours is None:
            return []
        if receivers == 50:
            self._fifty = run
        line = Line(goal, f"the same beside Janus, 1 → {receivers}", ours, "ns", run["cpu_ns_per_packet"])
        if bar:
            line.bar, line.bar_text = bar, f"≤ {bar} × Janus"
        return [line]

    def latency(self, ours: dict[str, Any]) -> list[Line]:
        if not self._fifty:
            return []
        return [Line("P6", f"latency {p} beside Janus, 1 → 50", ours[f"{p}_ms"], "ms", self._fifty[f"{p}_ms"]) for p in ("p50", "p99")]

    def capacity(self) -> list[Line]:
        """Streams that 0.9 of a core would carry by what a packet costs, ours and theirs in the same scene."""
        theirs = self._run(100, 1)
        if not theirs:
            return []
        ours = self._programs.forward("--means", "bridge", "--receivers", "100", "--rooms", "1", "--seconds", "1")[0]
        streams = [0.9e9 / (run["cpu_ns_per_packet"] * PACKETS_PER_SECOND) for run in (ours, theirs)]
        return [Line("P5", "streams by the cost of a packet, 1 → 100, beside Janus", streams[0], "", streams[1], at_least=True)]

    def memory(self, each_kb: float) -> list[Line]:
        if not self._fifty.get("kb_each"):
            return []
        return [Line("P9", "memory per receiving endpoint beside Janus", each_kb, "KB", self._fifty["kb_each"])]

    def idle(self, megabytes: float | None) -> list[Line]:
        return [Line("P8", "resident memory, idle, beside Janus", megabytes, "MB", self._idle_mb)] if self._idle_mb else []

    def start(self, ms: float) -> list[Line]:
        if not self._start_ms:
            return []
        return [Line("P19", "the same beside Janus", ms, "ms", self._start_ms, bar=1, bar_text="below Janus")]

    def _run(self, receivers: int, rooms: int) -> dict[str, Any]:
        if self._process is None:
            return {}
        before = _resident_mb(self._process)
        options = ["--means", "janus", "--receivers", str(receivers), "--rooms", str(rooms), "--seconds", "2" if self._programs.thorough else "1"]
        options += ["--janus-process", str(self._process), "--janus-ip", BRIDGE_IP, "--janus-port", str(PORT)]
        try:
            run = self._programs.forward(*options)[0]
        except NothingMeasured:
            return {}
        # While it still holds them: it forgets a session only after a minute.
        run["kb_each"] = (_resident_mb(self._process) - before) * 1024 / ((receivers + 1) * rooms)
        return run


def _start_and_rest(folder: Path) -> tuple[float, float]:
    configuration = _configuration(folder, "127.0.0.1")
    starts = []
    idle = 0.0
    for _ in range(3):
        begin = time.monotonic()
        with _running([], configuration) as process:
            while not _answers():
                if process.poll() is not None or time.monotonic() - begin > 10:
                    raise NothingMeasured("Janus does not answer")
            starts.append((time.monotonic() - begin) * 1000)
            idle = _resident_mb(process.pid)
    return min(starts), idle


def _configuration(folder: Path, ip: str) -> Path:
    """Nothing but the video room and the HTTP interface."""
    unused = {kind: _all_but(kind, keep) for kind, keep in (("plugins", "videoroom"), ("transports", "http"))}
    general = f'configs_folder = "{folder}", plugins_folder = "{MODULES}/plugins", transports_folder = "{MODULES}/transports", debug_level = 1'
    disabled = "\n".join(f'{kind}: {{ disable = "{names}" }}' for kind, names in unused.items())
    main = folder / "janus.jcfg"
    main.write_text(f'general: {{ {general}}}\nnat: {{ ice_enforce_list = "{ip}" }}\n{disabled}\n')
    (folder / "janus.transport.http.jcfg").write_text(f'general: {{ json = "compact", http = true, port = {PORT}, ip = "{ip}", https = false }}\n')
    (folder / "janus.plugin.videoroom.jcfg").write_text("general: { }\n")
    return main


def _all_but(kind: str, keep: str) -> str:
    return ",".join(sorted(path.name for path in (MODULES / kind).glob("*.so") if keep not in path.name))


@contextmanager
def _running(prefix: list[str], configuration: Path) -> Iterator[subprocess.Popen[bytes]]:
    command = [*prefix, PROGRAM, "-C", str(configuration), "-F", str(configuration.parent)]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(10)


def _answers() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/janus/info", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _resident_mb(pid: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) / 1024 if found else 0
