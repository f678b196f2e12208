"""Starts the visitors, in whatever network they live, and keeps them there for as long as a test wants."""

import contextlib
import itertools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

VISITORS = Path(__file__).resolve().parent / "visitors.py"


_numbers = itertools.count(1)


def _here(*words: str) -> list[str]:
    return list(words)


class Visit:
    """`with Visit("meeting", told):` they have done what the stage asks, and stay. `told`: see visitors.py; `within`: makes a command one
    of their network."""

    def __init__(self, stage: str, told: dict[str, Any], within: Callable[..., list[str]] = _here) -> None:
        self._command = within(sys.executable, "-B", str(VISITORS), stage)
        self._told = json.dumps(told | {"number": next(_numbers)})

    def __enter__(self) -> "Visit":
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(self._told + "\n")
        self._process.stdin.flush()
        if self._process.stdout.readline() != "done\n":
            raise AssertionError(f"the visitors could not do it: {self._process.communicate()[1]}")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._process.communicate()


@contextlib.contextmanager
def crashing(load: list[str]) -> Iterator[None]:
    """This command of cloister-load: its participants are in a call, and crash at the end."""
    with subprocess.Popen(load, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as browsers:
        assert browsers.stderr
        try:
            assert any("Measuring" in line for line in browsers.stderr), "they are in the call"
            yield
        finally:
            browsers.kill()
