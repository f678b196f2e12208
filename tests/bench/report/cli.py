"""The command line of tests/bench/run."""

import argparse
from pathlib import Path

from . import forwarding, micro
from .line import Line, show_table

ROOT = Path(__file__).resolve().parent.parent.parent.parent


def main() -> int:
    options = _options()
    lines: list[Line] = forwarding.measure(options.build, options.seconds, options.repeat)
    lines += micro.measure(options.build)
    if options.json:
        for line in lines:
            print(line.as_json())
    else:
        show_table(lines)
    return 0 if all(line.met is not False for line in lines) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="tests/bench/run",
        description="Measures the bridge beside the floor: the least that forwarding costs on this machine, in the same run, in turns. "
        "Each figure is the least of its runs. Memory and waiting times of whole meetings: tests/run bench.",
        epilog="Status 0 when every goal is met.",
    )
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "bench", help="where the preset `bench` was built")
    parser.add_argument("--seconds", type=float, default=2, help="measured per run")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each")
    parser.add_argument("--json", action="store_true", help="a JSON object per line instead of the table")
    return parser.parse_args()
