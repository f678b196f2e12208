"""Which version is packed, and the time that all its files bear: the same commit gives the same bytes."""

import os
import re
import subprocess
from dataclasses import dataclass
from datetime import datetime, timezone

from trial.folder import ROOT


@dataclass(frozen=True)
class Version:
    text: str
    seconds: int  # since 1970, of the last commit

    @classmethod
    def read(cls, text: str | None = None) -> "Version":
        seconds = _last_change()
        found = re.search(r"^project\(cloister VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text(), re.MULTILINE)
        assert found
        return cls(text or f"{found[1]}+{datetime.fromtimestamp(seconds, timezone.utc):%Y%m%d.%H%M%S}", seconds)

    def __str__(self) -> str:
        return self.text

    @property
    def date(self) -> str:
        """As changelogs have it."""
        return f"{datetime.fromtimestamp(self.seconds, timezone.utc):%a, %d %b %Y %H:%M:%S +0000}"


def _last_change() -> int:
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    asked = subprocess.run(["git", "-C", str(ROOT), "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False)
    if asked.returncode == 0:
        return int(asked.stdout)
    # an unpacked archive has no history
    return int((ROOT / "CMakeLists.txt").stat().st_mtime)
