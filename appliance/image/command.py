"""Runs the tools of the build; what one says is shown when it fails."""

import os
import subprocess
from pathlib import Path

from trial.console import Failure

ENVIRONMENT = {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND": "noninteractive"}


def run(command: list[str], epoch: int, folder: Path | None = None, **environment: str) -> str:
    settings = os.environ | ENVIRONMENT | {"SOURCE_DATE_EPOCH": str(epoch)} | environment
    done = subprocess.run(command, cwd=folder, env=settings, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode != 0:
        raise Failure(f"{Path(command[0]).name} failed:\n{(done.stdout + done.stderr)[-4000:]}")
    return done.stdout
