"""Builds what a suite needs: a CMake preset each, once per run."""

import functools
import os
from pathlib import Path

from trial.console import Failure

from .command import ROOT, run, show

JOBS = str(len(os.sched_getaffinity(0)))


@functools.cache
def preset(name: str, *targets: str) -> Path:
    """The build folder of the preset, with these targets (or all of them) up to date."""
    folder = ROOT / "build" / name
    if not (folder / "build.ninja").exists():
        show(f"Configuring {name}")
        _must(["cmake", "--preset", name], f"configuring the preset {name}")
    show(f"Building {name}: {' '.join(targets) or 'everything'}")
    chosen = ["--target", *targets] if targets else []
    _must(["cmake", "--build", str(folder), "-j", JOBS, *chosen], f"building the preset {name}")
    return folder


@functools.cache
def npm_packages(folder: Path) -> None:
    _must(["npm", "ci", "--no-audit", "--no-fund"], f"npm ci in {folder}", folder)


def _must(command: list[str], what: str, folder: Path = ROOT) -> None:
    status, _ = run(command, folder)
    if status != 0:
        raise Failure(f"{what} failed with status {status}.")
