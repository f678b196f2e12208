"""The two places of the system, and GRUB's environment block that chooses between them (appliance/image/grub.cfg)."""

import os
from pathlib import Path

from .places import RUN

BLOCK = 1024  # bytes; the values lie in the first sector, which is written as a whole or not at all
HEAD = "# GRUB Environment Block\n"


def running() -> str:
    """A or B."""
    return (RUN / "slot").read_text().strip()


def other() -> str:
    return "B" if running() == "A" else "A"


def read(boot: Path) -> dict[str, str]:
    text = (boot / "cloister" / "env").read_text()
    return dict(line.split("=", 1) for line in text.splitlines() if "=" in line and not line.startswith("#"))


def write(boot: Path, values: dict[str, str]) -> None:
    """In place: GRUB wrote, and will write, to the very same sectors."""
    text = HEAD + "".join(f"{name}={value}\n" for name, value in values.items())
    file = os.open(boot / "cloister" / "env", os.O_WRONLY | os.O_SYNC)
    try:
        os.pwrite(file, text.encode().ljust(BLOCK, b"#"), 0)
        os.fsync(file)
    finally:
        os.close(file)
