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

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        text = f"{self.passed} passed, {self.failed} failed"
        return text + (f", {self.skipped} skipped" if self.skipped else "")


def of_status(status: int) -> Tally:
    """A command that is one test by itself."""
    return Tally(passed=1) if status == 0 else Tally(failed=1)


def at_least_one_failure(tally: Tally, status: int) -> Tally:
    """A runner that ended badly without naming a failed test crashed: that counts too."""
    return tally if status == 0 or tally.failed else tally + Tally(failed=1)


def of_junit(report: Path) -> Tally:
    """ctest's report."""
    total = Tally()
    for case in ET.parse(report).getroot().iter("testcase"):
        status = case.get("status")
        total += Tally(status == "run", status == "fail", status not in ("run", "fail"))
    return total


def of_unittest(output: str) -> Tally:
    """What python's unittest prints at its end."""
    ran = re.findall(r"^Ran (\d+) tests? in", output, re.MULTILINE)
    counts = {name: int(n) for name, n in re.findall(r"(failures|errors|skipped)=(\d+)", output.rsplit("Ran ", 1)[-1])}
    skipped = counts.get("skipped", 0)
    failed = counts.get("failures", 0) + counts.get("errors", 0)
    return Tally(max(sum(map(int, ran)) - failed - skipped, 0), failed, skipped)


def of_tap(output: str) -> Tally:
    """What node's test runner prints at its end, as TAP or for people."""
    counts = {name: int(n) for name, n in re.findall(r"^(?:#|ℹ) (pass|fail|cancelled|skipped) (\d+)$", output, re.MULTILINE)}
    failed = counts.get("fail", 0) + counts.get("cancelled", 0)
    return Tally(counts.get("pass", 0), failed, counts.get("skipped", 0))
