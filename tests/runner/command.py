"""Runs one command of a suite, shows what it prints, and keeps it for counting."""

import os
import subprocess
import sys
from pathlib import Path
from typing import TextIO

ROOT = Path(__file__).resolve().parent.parent.parent


# Where progress goes; to standard error when standard output is for a machine.
progress: TextIO = sys.stdout


def progress_to_stderr() -> None:
    global progress
    progress = sys.stderr


def show(text: str) -> None:
    print(text, file=progress, flush=True)


def report(command: list[str]) -> int:
    """Runs what prints the result itself; its status."""
    return subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode


def run(command: list[str], folder: Path = ROOT, **environment: str) -> tuple[int, str]:
    """Its status, and all that it printed."""
    kept: list[str] = []
    with subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout
        for line in process.stdout:
            kept.append(line)
            progress.write(line)
            progress.flush()
    return process.returncode, "".join(kept)


def isolated(command: list[str]) -> list[str]:
    """The command in a network, a process table and mounts of its own: loopback only, and all that it starts ends with it."""
    inside = ["sh", "-c", 'ip link set lo up && exec "$@"', "sh", *command]
    own = ["unshare", "-n", "-p", "-f", "-m", "--mount-proc", "--kill-child"]
    if os.geteuid() != 0:
        own += ["--map-current-user", "--keep-caps"]
    if subprocess.run([*own, "true"], capture_output=True, check=False).returncode == 0:
        return [*own, *inside]
    show("This machine allows no network of its own: the tests use its loopback.")
    return command
