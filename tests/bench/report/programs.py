"""The benchmark programs of one build, and where their two sides stand."""

import json
import subprocess
from pathlib import Path
from typing import Any

from .network import ahead


class Programs:
    def __init__(self, build: Path, where: list[str], thorough: bool) -> None:
        self.build = build
        self.thorough = thorough
        self._where = where

    def forward(self, *options: str) -> list[dict[str, Any]]:
        """bench_forward: the bridge's forwarding beside the floor; a run each."""
        return self._run("bench_forward", [*options, *self._where], ahead())

    def room(self, *options: str, settling: float = 0.5) -> dict[str, Any]:
        """bench_room: the bridge in a process of its own, with whole rooms."""
        seconds = "5" if self.thorough else "1.5"
        return self._run("bench_room", ["--seconds", seconds, "--settling", str(settling), *self._where, *options])[0]

    def micro(self) -> list[dict[str, Any]]:
        done = self._start("bench_micro", ["--benchmark_format=json", "--benchmark_min_time=0.1", "--benchmark_repetitions=3"])
        runs: list[dict[str, Any]] = json.loads(done)["benchmarks"]
        return runs

    def bridge(self) -> Path:
        return self.build / "components" / "videobridge" / "app" / "cloister-bridge"

    def _run(self, name: str, options: list[str], prefix: list[str] | None = None) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._start(name, options, prefix).splitlines()]

    def _start(self, name: str, options: list[str], prefix: list[str] | None = None) -> str:
        program = self.build / "tests" / "bench" / name
        done = subprocess.run([*(prefix or []), str(program), *options], capture_output=True, text=True, check=False, timeout=120)
        if done.returncode != 0 or not done.stdout:
            raise NothingMeasured(f"{name} ended with {done.returncode}: {done.stderr.strip()[-200:]}")
        return done.stdout


class NothingMeasured(Exception):
    """A program did not get as far as measuring."""
