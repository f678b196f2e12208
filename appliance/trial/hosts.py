"""Accounts of hosts, made with the operator's own command."""

import secrets
import shutil
import subprocess
from pathlib import Path

from . import build, users
from .console import Failure
from .folder import Folder


class Hosts:
    """Needs the gate's settings in the folder; the gate itself need not run."""

    def __init__(self, folder: Folder, build_dir: Path) -> None:
        self._folder = folder
        self._settings = str(folder / "config/gate.yaml")
        built = build_dir / build.COMMAND
        if not built.exists():
            raise Failure(f"{built} is not built: run without --no-build, or name another --build-dir.")
        shutil.copy2(built, folder / "bin/cloister")

    def add(self, name: str) -> dict[str, str]:
        """A host with a random password, in a new database under a new key."""
        home = self._folder / "gate"
        home.mkdir(mode=0o700)
        users.give(home, users.OURS)
        self._run("cloister-gate", "--config", self._settings, "--make-key")
        password = secrets.token_urlsafe(9)
        self._run("cloister", "host", "--config", self._settings, "add", name, said=f"{password}\n")
        return {"name": name, "password": password}

    def _run(self, program: str, *arguments: str, said: str = "") -> None:
        command = users.command_as(users.OURS, [str(self._folder / "bin" / program), *arguments])
        done = subprocess.run(command, input=said, cwd="/", capture_output=True, text=True, check=False)
        if done.returncode != 0:
            reason = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["it said nothing."]
            raise Failure(f"{program} failed: {reason[0]}")
