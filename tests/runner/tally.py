"""How many tests passed, failed and were skipped."""

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Tally:
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    failures: tuple[str, ...] = ()  # what is known of each: its name, the end of what it printed

    def __add__(self, other: "Tally") -> "Tally":
        counts = (self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)
        return Tally(*counts, self.failures + other.failures)

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def of_status(status: int, name: str) -> Tally:
    """A command that is one test by itself."""
    return Tally(passed=1) if status == 0 else Tally(failed=1, failures=(name,))


def at_least_one_failure(tally: Tally, status: int, name: str) -> Tally:
    """A runner that ended badly without naming a failed test crashed: that counts too."""
    return tally if status == 0 or tally.failed else tally + Tally(failed=1, failures=(f"{name} ended with status {status}",))


def of_junit(report: Path) -> Tally:
    """ctest's report."""
    total = Tally()
    for case in ET.parse(report).getroot().iter("testcase"):
        status = case.get("status")
        total += Tally(status == "run", status == "fail", status not in ("run", "fail"))
        if status == "fail":
            total += Tally(failures=(_end_of(case.get("name", "?"), case.findtext("system-out") or ""),))
    return total


def of_unittest(output: str) -> Tally:
    """What python's unittest prints at its end."""
    ran = re.findall(r"^Ran (\d+) tests? in", output, re.MULTILINE)
    counts = {name: int(n) for name, n in re.findall(r"(failures|errors|skipped)=(\d+)", output.rsplit("Ran ", 1)[-1])}
    skipped = counts.get("skipped", 0)
    failed = counts.get("failures", 0) + counts.get("errors", 0)
    reports = re.findall(r"^={70}\n(?:FAIL|ERROR): (.*)\n((?:.*\n)*?)(?=^={70}$|^-{70}\nRan )", output, re.MULTILINE)
    return Tally(max(sum(map(int, ran)) - failed - skipped, 0), failed, skipped, tuple(_end_of(*one) for one in reports))


def of_tap(output: str) -> Tally:
    """What node's test runner prints at its end, as TAP or for people."""
    counts = {name: int(n) for name, n in re.findall(r"^(?:#|ℹ) (pass|fail|cancelled|skipped) (\d+)$", output, re.MULTILINE)}
    failed = counts.get("fail", 0) + counts.get("cancelled", 0)
    reports = re.findall(r"^not ok \d+ - (.*)\n((?: .*\n)*)", output, re.MULTILINE)
    return Tally(counts.get("pass", 0), failed, counts.get("skipped", 0), tuple(_end_of(*one) for one in reports))


def _end_of(name: str, printed: str, lines: int = 15) -> str:
    kept = [f"    {line}" for line in printed.splitlines() if line.strip()][-lines:]
    return "\n".join([name, *kept])
