"""P1 to P4 and P6: processor time per forwarded packet, and how long a packet is on its way. Bridge and floor take turns."""

from typing import Any

from .janus import Janus
from .line import Line
from .programs import Programs

# goal, receivers, rooms, most × Janus (performance.md §7)
SCENES = [("P1", 10, 6, 0.2), ("P2", 50, 2, 0.14), ("P3", 1, 20, None)]


def measure(programs: Programs, janus: Janus) -> list[Line]:
    lines = []
    for goal, receivers, rooms, of_janus in SCENES:
        runs = _runs(programs, receivers, rooms)
        lines += _against_floor(goal, runs, f"1 → {receivers}, {rooms} rooms")
        lines += janus.forwarding(goal, receivers, rooms, lines[-2].measured, of_janus)
        if goal == "P2":
            lines += _latency(runs, janus)
    with_feedback = _runs(programs, 10, 6, "--feedback")
    lines += _against_floor("", with_feedback, "1 → 10, 6 rooms, transport-cc")
    return [*lines, _equal_sizes(programs), _other_profile(programs)]


def _runs(programs: Programs, receivers: int, rooms: int, *options: str) -> list[dict[str, Any]]:
    seconds, repeat = ("2", "6") if programs.thorough else ("1", "4")
    scene = ["--receivers", str(receivers), "--rooms", str(rooms), "--seconds", seconds, "--repeat", repeat]
    return programs.forward(*scene, *options)


def _against_floor(goal: str, runs: list[dict[str, Any]], scene: str) -> list[Line]:
    floor = _least([run for run in runs if run["means"] == "floor"])
    bridge = _least([run for run in runs if run["means"] == "bridge"])
    cpu = Line(goal, f"CPU per forwarded packet, GCM, {scene}", bridge["cpu_ns_per_packet"], "ns", floor["cpu_ns_per_packet"], regression=3.5)
    if goal:
        cpu.bar, cpu.bar_text = 1.6, "≤ 1.6 × floor"
    # The quietest 20 ms hold sixty packets and more; what comes beyond goes by the clock: allocation of bandwidth anew.
    # Of sixty packets and more, which would show as sixty; timers of twenty rooms may leave no window without one of theirs.
    allocations = Line("", f"allocations by packets, {scene}", bridge["least_allocations"], "", bar=5, bar_text="≤ 5 of 60", regression=5)
    return [cpu, allocations]


def _latency(runs: list[dict[str, Any]], janus: Janus) -> list[Line]:
    best = {means: min((run for run in runs if run["means"] == means), key=lambda run: run["p99_ms"]) for means in ("floor", "bridge")}
    p50 = Line("P6", "latency p50, 1 → 50, 2 rooms", best["bridge"]["p50_ms"], "ms", best["floor"]["p50_ms"])
    p99 = Line("P6", "latency p99, 1 → 50, 2 rooms", best["bridge"]["p99_ms"], "ms", bar=2, bar_text="≤ 2 ms", regression=200)
    p99.note = f"the floor's: {best['floor']['p99_ms']:.2f} ms; the load reads them up to {best['bridge']['unread_p99_ms']:.1f} ms later"
    return [p50, p99, *janus.latency(best["bridge"])]


def _equal_sizes(programs: Programs) -> Line:
    """Frames of all sizes, as browsers split them: with padding that makes trains, beside without."""
    scene = ["--means", "bridge", "--receivers", "50", "--rooms", "2", "--uneven", "--seconds", "2" if programs.thorough else "1"]
    cost: dict[str, list[float]] = {"equal": [], "own": []}
    for _ in range(2):
        for name, option in (("equal", []), ("own", ["--own-sizes"])):
            cost[name].append(programs.forward(*scene, *option)[0]["cpu_ns_per_packet"])
    return Line("", "CPU per forwarded packet of uneven frames, 1 → 50, padded beside not", min(cost["equal"]), "ns", min(cost["own"]))


def _other_profile(programs: Programs) -> Line:
    cost: dict[str, list[float]] = {"gcm": [], "cm": []}
    for _ in range(2):
        for name, costs in cost.items():
            run = programs.room("media", "--rooms", "2", "--receivers", "50", "--srtp", name)
            costs.append(run["cpu_ns_per_packet"])
    line = Line("P4", "CPU per forwarded packet, CM_SHA1_80 beside GCM, 1 → 50", min(cost["cm"]), "ns", min(cost["gcm"]))
    line.bar, line.bar_text, line.regression = 1.5, "≤ 1.5 × GCM", 2.5
    return line


def _least(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return min(runs, key=lambda run: run["cpu_ns_per_packet"])
