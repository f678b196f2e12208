"""One line of the report: what was measured, beside what was hoped for and what is possible."""

import json
from dataclasses import asdict, dataclass


@dataclass
class Line:
    what: str
    measured: float
    unit: str
    floor: float | None = None  # the least possible, measured in the same run
    goal: float | None = None  # the most that is acceptable: of the ratio where there is a floor, else of the measure
    goal_text: str = ""

    @property
    def ratio(self) -> float | None:
        return self.measured / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        if self.goal is None:
            return None
        compared = self.measured if self.ratio is None else self.ratio
        return compared <= self.goal

    def as_json(self) -> str:
        return json.dumps(asdict(self) | {"ratio": self.ratio, "met": self.met})


def show_table(lines: list[Line]) -> None:
    head = ("", "measured", "floor", "ratio", "goal", "met")
    rows = [head, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        cells = [cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True))]
        print("  ".join(cells).rstrip(), flush=True)


def _cells(line: Line) -> tuple[str, ...]:
    return (
        line.what,
        f"{_number(line.measured)} {line.unit}",
        "" if line.floor is None else f"{_number(line.floor)} {line.unit}",
        "" if line.ratio is None else f"{line.ratio:.2f}",
        line.goal_text,
        {None: "", True: "yes", False: "NO"}[line.met],
    )


def _number(value: float) -> str:
    return f"{value:.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
