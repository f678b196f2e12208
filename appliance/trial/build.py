"""Builds our services (CMake preset `release`) and the web client (npm), each only as far as something changed."""

import collections
import hashlib
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .console import Failure, Progress, say
from .folder import ROOT

SERVICES = {
    "focus": "focus/app/cloister-focus",
    "bridge": "videobridge/app/cloister-bridge",
    "gate": "gate/app/cloister-gate",
}
COMMAND = "appliance/cli/cloister"  # the operator's
STEP = re.compile(r"^\[(\d+)/(\d+)\] (?!Re-)")  # ninja's; its look at its own files comes first and does not count
WEB = ROOT / "components" / "web"
NOT_INPUTS = {"node_modules", "dist"}


def binary(service: str, build_dir: Path) -> Path:
    return build_dir / "components" / SERVICES[service]


def build_services(services: list[str], build_dir: Path) -> None:
    if not services:
        return
    targets = [Path(SERVICES[service]).name for service in services] + (["cloister"] if "gate" in services else [])
    build_targets(targets, build_dir)


def build_targets(targets: list[str], build_dir: Path) -> None:
    if not (build_dir / "build.ninja").exists():
        say("Configuring the build (release)")
        _run(["cmake", "--preset", "release", "-B", str(build_dir)], ROOT, "configuring")
    jobs = str(len(os.sched_getaffinity(0)))
    _run(["cmake", "--build", str(build_dir), "-j", jobs, "--target", *targets], ROOT, "Building the services")


def build_web() -> None:
    if not (WEB / "package.json").exists():
        return
    installed, built = WEB / "node_modules" / ".cloister-inputs", WEB / "dist" / ".cloister-inputs"
    locked = _digest([WEB / "package-lock.json"])
    if _read(installed) != locked:
        say("Fetching what the web client is built with (npm ci)")
        _run(["npm", "ci", "--no-audit", "--no-fund"], WEB, "npm ci")
        installed.write_text(locked)
    inputs = _digest(sorted(_inputs(WEB)))
    if _read(built) != inputs:
        say("Building the web client")
        _run(["npm", "run", "build"], WEB, "npm run build")
        built.write_text(inputs)


def _inputs(folder: Path) -> Iterator[Path]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name not in NOT_INPUTS:
            yield from _inputs(entry)
        elif entry.is_file():
            yield entry


def _digest(files: list[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        total.update(str(file.relative_to(WEB)).encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def _run(command: list[str], folder: Path, what: str) -> None:
    """Runs it with a percentage from ninja's steps; its last lines are shown when it fails."""
    progress, last = Progress(what), collections.deque[str](maxlen=40)
    with subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout
        for line in process.stdout:
            last.append(line)
            if step := STEP.match(line):
                progress.update(int(step[1]), int(step[2]))
    progress.finish()
    if process.returncode != 0:
        say("".join(last).rstrip())
        raise Failure(f"{what} failed with status {process.returncode}: its last lines are above.")
