"""The command line of tests/bench/run."""

import argparse
from collections.abc import Callable
from pathlib import Path

from . import daemon, forwarding, rooms
from .janus import Janus
from .line import Line, show_table
from .micro import Micro
from .network import places
from .programs import NothingMeasured, Programs

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def main() -> int:
    options = _options()
    with places() as where:
        programs = Programs(options.build, where, options.thorough)
        with Janus.beside(programs, where) as janus:
            lines = _measure(programs, janus)
    lines.sort(key=_order)
    if options.json:
        for line in lines:
            print(line.as_json())
    else:
        show_table(lines)
        print(_summary(lines))
    return 1 if any(line.regressed for line in lines) else 0


def _measure(programs: Programs, janus: Janus) -> list[Line]:
    micro = Micro(programs)
    steps: list[tuple[str, Callable[[], list[Line]]]] = [
        ("P1", lambda: forwarding.measure(programs, janus)),
        ("P5", lambda: rooms.capacity(programs, janus)),
        ("P9", lambda: rooms.memory(programs, janus)),
        ("P12", lambda: rooms.joins(programs, micro)),
        ("P15", lambda: rooms.conversation(programs)),
        ("P19", lambda: daemon.measure(programs, janus)),
        ("P22", rooms.two_cores),
        ("P23", lambda: rooms.flood(programs)),
    ]
    lines = []
    for goal, step in steps:
        try:
            lines += step()
        except NothingMeasured as failure:  # the others are worth knowing all the same
            lines.append(Line(goal, "could not be measured", 1, "failure", regression=0, note=str(failure)))
    return lines + micro.lines()


def _order(line: Line) -> int:
    return int(line.goal[1:]) if line.goal else 99


def _summary(lines: list[Line]) -> str:
    met = [line.met for line in lines]
    regressed = sum(line.regressed for line in lines)
    return f"\n{met.count(True)} bars met, {met.count(False)} not met, {regressed} regressed"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tests/bench/run",
        description="Measures the bridge beside the floor (the least that forwarding costs on this machine) and beside Janus where that is "
        "installed, in the same run, in turns. What each line must reach: docs/speed.md.",
        epilog="Status 0 unless something is so far off its bar that it must be broken.",
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench", help="where the preset `bench` was built")
    parser.add_argument("--thorough", action="store_true", help="longer measurements: some twenty minutes in place of five")
    parser.add_argument("--json", action="store_true", help="a JSON object per line instead of the table")
    return parser.parse_args()
