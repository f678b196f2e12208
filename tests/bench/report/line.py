"""One line of the report: what was measured, beside what was hoped for and what is possible."""

import json
from dataclasses import dataclass


@dataclass
class Line:
    goal: str  # "P1"; empty where there is none
    what: str
    measured: float | None  # None: could not be measured here, `note` says why
    unit: str
    floor: float | None = None  # the least possible, or another product, measured in the same run
    bar: float | None = None  # the most that is acceptable: of the ratio where there is a floor, else of the measure
    bar_text: str = ""
    at_least: bool = False  # the bar is the least that is acceptable
    regression: float | None = None  # as `bar`, so wide that beyond it something is broken
    note: str = ""

    @property
    def ratio(self) -> float | None:
        return self.measured / self.floor if self.floor and self.measured is not None else None

    @property
    def met(self) -> bool | None:
        return None if self.bar is None else self._holds(self.bar)

    @property
    def regressed(self) -> bool:
        return self.regression is not None and self._holds(self.regression) is False

    def as_json(self) -> str:
        return json.dumps(
            {
                "goal": self.goal,
                "what": self.what,
                "measured": self.measured,
                "unit": self.unit,
                "floor": self.floor,
                "ratio": self.ratio,
                "bar": self.bar_text,
                "met": self.met,
                "regressed": self.regressed,
                "note": self.note,
            }
        )

    def _holds(self, bar: float) -> bool | None:
        if self.measured is None:
            return None
        compared = self.measured if self.ratio is None else self.ratio
        return compared >= bar if self.at_least else compared <= bar


def show_table(lines: list[Line]) -> None:
    head = ("goal", "", "measured", "beside", "ratio", "bar", "met", "")
    rows = [head, *(_cells(line) for line in lines)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    for row in rows:
        cells = [cell.ljust(width) if column in (0, 1, 7) else cell.rjust(width) for column, (cell, width) in enumerate(zip(row, widths, strict=True))]
        print("  ".join(cells).rstrip(), flush=True)


def _cells(line: Line) -> tuple[str, ...]:
    return (
        line.goal,
        line.what,
        _with_unit(line.measured, line.unit),
        _with_unit(line.floor, line.unit),
        "" if line.ratio is None else f"{line.ratio:.2f}",
        line.bar_text,
        {None: "", True: "yes", False: "NO"}[line.met],
        ("REGRESSED " if line.regressed else "") + line.note,
    )


def _with_unit(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    number = f"{value:.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
    return f"{number} {unit}".rstrip()
