"""Runs appliance/try for a test, in a folder of its own."""

import json
import os
import subprocess
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
TRY = ROOT / "appliance" / "try"
BUILD = os.environ.get("CLOISTER_BUILD")  # a build other than the one that appliance/try makes


class Trial:
    """`with Trial("--without", "focus,bridge") as stack:` stack is what --json prints."""

    def __init__(self, *options: str) -> None:
        self._options = options
        self._temporary = tempfile.TemporaryDirectory(prefix="cloister-test-")
        self.folder = Path(self._temporary.name)
        os.chmod(self.folder, 0o755)

    def __enter__(self) -> dict[str, Any]:
        build = ("--build-dir", BUILD) if BUILD and "--build-dir" not in self._options else ()
        done = self.command("--detach", "--json", "--no-build", *build, *self._options)
        if done.returncode != 0:
            raise AssertionError(f"the stack did not start: {done.stderr}")
        facts: dict[str, Any] = json.loads(done.stdout)
        return facts

    def __exit__(self, *_: object) -> None:
        self.command("--stop")
        self._temporary.cleanup()

    def command(self, *options: str) -> subprocess.CompletedProcess[str]:
        command = [str(TRY), "--dir", str(self.folder), *options]
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)

    def services(self) -> dict[str, dict[str, Any]]:
        status: dict[str, dict[str, dict[str, Any]]] = json.loads(self.command("--status", "--json").stdout)
        return status["services"]

    def supervisor(self) -> int:
        return int(json.loads(self.command("--status", "--json").stdout)["pid"])

    def secret(self, name: str) -> str:
        return (self.folder / "secrets" / name).read_text().strip()
