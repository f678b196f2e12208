"""The conformance checklists: their entries, the tests that name them, and a table of both with what the last run passed."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from . import outcomes
from .command import ROOT

PAGES = ROOT / "docs" / "protocol"
TESTS = [ROOT / "tests", ROOT / "components" / "web"]

ENTRY = re.compile(r"^(\d+)\. (MUST|SHOULD|OPTIONAL) - (.*)$")
REASON = re.compile(r"^\s+Not done: (.*)$")
NAMES = [
    re.compile(r"^\s*TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)"),
    re.compile(r"^\s*(?:async )?def (test_\w+)"),
    re.compile(r"""^\s*(?:await )?(?:\w+\.)?(?:test|it)\(\s*(?:"([^"]+)"|'([^']+)'|`([^`]+)`)"""),
]


@dataclass
class Entry:
    number: int
    level: str
    text: str
    section: str
    reason: str = ""
    tests: list[str] = field(default_factory=list)

    def result(self, known: dict[str, str]) -> str:
        if not self.tests:
            return "not done" if self.reason else "no test"
        words = {word for test in self.tests for word in _outcomes(test, known)}
        return next((word for word in ("failed", "not run", "skipped") if word in words), "passed")


@dataclass(frozen=True)
class Checklist:
    program: str  # "bridge": docs/protocol/bridge-checklist.md and bridge.md
    tag: str  # what a test says above its name, before the numbers of entries

    @property
    def entries(self) -> Path:
        return PAGES / f"{self.program}-checklist.md"

    @property
    def table(self) -> Path:
        return PAGES / f"{self.program}.md"

    def read(self) -> list[Entry]:
        """All entries with their tests, by number."""
        entries: dict[int, Entry] = {}
        section = ""
        for line in self.entries.read_text().splitlines():
            if line.startswith("## "):
                section = line[3:]
            elif found := ENTRY.match(line):
                number = int(found[1])
                entries[number] = Entry(number, found[2], found[3], section)
            elif (found := REASON.match(line)) and entries:
                entries[max(entries)].reason = found[1]
        for test, numbers in self.tagged():
            for number in numbers:
                if number not in entries:
                    raise ValueError(f"{test} names {number}, which is no entry of the {self.program}'s checklist")
                entries[number].tests.append(test)
        return list(entries.values())

    def tagged(self) -> list[tuple[str, list[int]]]:
        found: list[tuple[str, list[int]]] = []
        for folder in TESTS:
            for file in sorted(folder.rglob("*")):
                if file.suffix in (".cpp", ".h", ".py", ".mjs", ".ts", ".tsx") and "node_modules" not in file.parts:
                    found += self._tags_of(file)
        return found

    def write(self) -> str:
        """Writes the table; returns its sum in a line."""
        known = outcomes.load()
        entries = self.read()
        count = {word: sum(entry.result(known) == word for entry in entries) for word in ("passed", "not done")}
        summary = f"{len(entries)} entries: {count['passed']} passed, {count['not done']} not done, {len(entries) - sum(count.values())} other"
        lines = [
            f"# The {self.program}'s conformance, entry by entry",
            "",
            f"Made by `tests/run --write-checklist` out of `{self.entries.name}`, the tests that name its entries, and what became of them in the last run.",
            "",
            summary + ".",
        ]
        section = ""
        for entry in entries:
            if entry.section != section:
                section = entry.section
                lines += ["", f"## {section}", "", "| # | | behaviour | proved by | result |", "|---|---|---|---|---|"]
            proof = ", ".join(f"`{test}`" for test in entry.tests) or entry.reason or "–"
            lines.append(f"| {entry.number} | {entry.level} | {_cell(entry.text)} | {_cell(proof)} | {entry.result(known)} |")
        self.table.write_text("\n".join(lines) + "\n")
        return summary

    def _tags_of(self, file: Path) -> list[tuple[str, list[int]]]:
        tag = re.compile(rf"^\s*(?://|#) {self.tag}: ([\d, ]+)$")
        found: list[tuple[str, list[int]]] = []
        numbers: list[int] = []
        for line in file.read_text(errors="replace").splitlines():
            if named := tag.match(line):
                numbers += [int(number) for number in named[1].replace(",", " ").split()]
            elif numbers and (name := _test_name(line) or _fuzz_target(file, line)):
                found.append((name, numbers))
                numbers = []
            elif numbers and not line.strip():
                raise ValueError(f"{file.relative_to(ROOT)}: a checklist tag stands above no test")
        return found


ALL = [Checklist("bridge", "Checklist"), Checklist("focus", "Focus checklist")]


def _test_name(line: str) -> str | None:
    for pattern in NAMES:
        if found := pattern.match(line):
            return ".".join(part for part in found.groups() if part)
    return None


def _fuzz_target(file: Path, line: str) -> str | None:
    if not line.startswith('extern "C" int LLVMFuzzerTestOneInput'):
        return None
    parts = file.relative_to(ROOT / "tests" / "fuzz").parent.parts
    return "_".join(["fuzz", *parts, file.stem.removesuffix("_fuzz")])


def _outcomes(test: str, known: dict[str, str]) -> set[str]:
    """Of one test, or of all that a title with ${…} in it stands for."""
    if "${" not in test:
        return {known.get(test, "not run")}
    parts = re.split(r"\$\{[^}]*\}", test)
    title = re.compile(".*".join(map(re.escape, parts)))
    return {word for name, word in known.items() if title.fullmatch(name)} or {"not run"}


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
