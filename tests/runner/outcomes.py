"""What became of each test, by its name: kept from run to run in build/outcomes.json."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path

from .command import ROOT

FILE = ROOT / "build" / "outcomes.json"
UNITTEST_LINE = re.compile(r"^(test_\w+) \([\w.]+\)")
UNITTEST_END = re.compile(r"(?:\.\.\. (?:.*\s)?|^)(ok|FAIL|ERROR|skipped)\b")  # a test may have printed between the two
TAP = re.compile(r"^\s*(not ok|ok) \d+ - (.*?)(?: # (SKIP).*)?$", re.MULTILINE)
WORDS = {"ok": "passed", "run": "passed", "skipped": "skipped", "SKIP": "skipped"}


def of_junit(report: Path) -> dict[str, str]:
    """ctest's report: the library's name and a slash come before the test's."""
    outcomes: dict[str, str] = {}
    for case in ET.parse(report).getroot().iter("testcase"):
        status = case.get("status", "")
        word = "skipped" if status in ("notrun", "disabled") else WORDS.get(status, "failed")
        _merge(outcomes, _without_parameters(case.get("name", "")), word)
    return outcomes


def of_unittest(output: str) -> dict[str, str]:
    """Python's unittest, verbose. A docstring may stand between the name and the word."""
    outcomes: dict[str, str] = {}
    name = None
    for line in output.splitlines():
        if found := UNITTEST_LINE.match(line):
            name = found[1]
        if name and (ended := UNITTEST_END.search(line)):
            _merge(outcomes, name, WORDS.get(ended[1], "failed"))
            name = None
    return outcomes


def of_tap(output: str) -> dict[str, str]:
    outcomes: dict[str, str] = {}
    for status, title, skip in TAP.findall(output):
        _merge(outcomes, title, WORDS.get(skip or status, "failed"))
    return outcomes


def record(outcomes: dict[str, str]) -> None:
    known = load() | outcomes
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(json.dumps(known, indent=0, sort_keys=True))


def load() -> dict[str, str]:
    return json.loads(FILE.read_text()) if FILE.exists() else {}


def _without_parameters(name: str) -> str:
    """conference/All/Seeds.Hold/7 → Seeds.Hold"""
    test = next((part for part in name.split("/") if "." in part), name)
    return test.split(" ")[0]


def _merge(outcomes: dict[str, str], name: str, word: str) -> None:
    """Of several instances of a test the worst counts."""
    order = ["passed", "skipped", "failed"]
    outcomes[name] = max(outcomes.get(name, "passed"), word, key=order.index)
