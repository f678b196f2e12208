"""CPU time and allocations per forwarded packet, bridge and floor taking turns."""

import json
import subprocess
from pathlib import Path
from typing import Any

from .line import Line
from .network import places

# (receivers, rooms, transport-cc feedback, most that is acceptable × floor)
SCENES = [(1, 20, False, None), (10, 6, False, 3.0), (50, 2, False, None), (10, 6, True, None)]


def measure(build: Path, seconds: float, repeat: int) -> list[Line]:
    program = build / "tests" / "bench" / "bench_forward"
    lines: list[Line] = []
    with places() as where:
        for receivers, rooms, feedback, most in SCENES:
            scene = ["--receivers", str(receivers), "--rooms", str(rooms)] + (["--feedback"] if feedback else [])
            options = [*scene, "--seconds", str(seconds), "--repeat", str(repeat), *where]
            done = subprocess.run([str(program), *options], capture_output=True, text=True, check=False, timeout=100)
            runs = [json.loads(line) for line in done.stdout.splitlines()]
            if done.returncode != 0:
                raise SystemExit(f"bench_forward {' '.join(scene)}: nothing came through. {done.stderr}")
            lines += _lines(runs, f"1→{receivers}, {rooms} rooms" + (", transport-cc" if feedback else ""), most)
    return lines


def _lines(runs: list[dict[str, Any]], scene: str, most: float | None) -> list[Line]:
    floor = _least([run for run in runs if run["means"] == "floor"])
    bridge = _least([run for run in runs if run["means"] == "bridge"])
    cpu = Line(f"CPU per forwarded packet, {scene}", bridge["cpu_ns_per_packet"], "ns", floor["cpu_ns_per_packet"])
    if most:
        cpu.goal, cpu.goal_text = most, f"≤ {most:.0f} × floor"
    # The quietest 20 ms hold sixty packets and more; what comes beyond goes by the clock: allocation of bandwidth anew.
    allocations = Line(f"allocations by packets, {scene}", bridge["least_allocations"], "")
    allocations.goal, allocations.goal_text = 0, "0"
    housekeeping = Line(f"allocations by housekeeping, {scene}", bridge["allocations"] / bridge["seconds"], "/s")
    lost = Line(f"packets lost, {scene}", max(0.0, 100 * (1 - bridge["delivered"])), "%")
    lost.goal, lost.goal_text = 1.0, "≤ 1 %"
    return [cpu, allocations, housekeeping, lost]


def _least(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return min(runs, key=lambda run: run["cpu_ns_per_packet"])
