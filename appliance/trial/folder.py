"""The folder of one trial: its lock says whether it runs, its files are all that a trial writes."""

import fcntl
import hashlib
import json
import os
import shutil
import signal
import stat
import time
from pathlib import Path
from typing import Any

from .console import Failure

ROOT = Path(__file__).resolve().parent.parent.parent


def default_folder() -> Path:
    """./run/try; elsewhere when root works in a tree that Prosody's own user cannot enter."""
    folder = ROOT / "run" / "try"
    if os.geteuid() != 0 or _others_may_enter(ROOT):
        return folder
    return Path("/run") / f"cloister-try-{hashlib.sha256(str(ROOT).encode()).hexdigest()[:12]}"


def _others_may_enter(path: Path) -> bool:
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in [path, *path.parents])


class Folder:
    def __init__(self, path: Path) -> None:
        self.path = path.resolve()
        self._lock: int | None = None

    def __truediv__(self, name: str) -> Path:
        return self.path / name

    def take(self) -> None:
        """Holds the folder as long as this process, or a copy of it, lives."""
        if os.geteuid() == 0 and not _others_may_enter(self._nearest_existing()):
            raise Failure(f"The services have users of their own and cannot enter {self.path}: choose another --dir.")
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(self / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        if not self._try_lock(self._lock):
            raise Failure(f"It already runs: {self.status().get('url', 'starting')} (stop it with appliance/try --stop).")

    def _nearest_existing(self) -> Path:
        path = self.path
        while not path.exists():
            path = path.parent
        return path

    def owner_is(self, pid: int) -> None:
        """Names the process that --stop has to tell."""
        assert self._lock is not None
        os.ftruncate(self._lock, 0)
        os.pwrite(self._lock, str(pid).encode(), 0)

    def running_pid(self) -> int | None:
        """The process that holds the folder, if any."""
        try:
            lock = os.open(self / "lock", os.O_RDWR)
        except FileNotFoundError:
            return None
        try:
            if self._try_lock(lock):
                return None
            return int(os.pread(lock, 32, 0) or b"0") or None
        finally:
            os.close(lock)

    def stop(self, patience: float = 20.0) -> bool:
        """Tells the running trial to end and waits for it; False when none ran."""
        pid = self.running_pid()
        if pid is None:
            return False
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while self.running_pid() is not None:
            if time.monotonic() > deadline:
                raise Failure(f"The process {pid} does not end: end it by hand.")
            time.sleep(0.02)
        return True

    def write_status(self, status: dict[str, Any]) -> None:
        new = self / "status.json.new"
        new.write_text(json.dumps(status))
        new.replace(self / "status.json")

    def status(self) -> dict[str, Any]:
        try:
            status = json.loads((self / "status.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return status if isinstance(status, dict) else {}

    def clear(self, *names: str) -> None:
        for name in names:
            shutil.rmtree(self / name, ignore_errors=True)

    @staticmethod
    def _try_lock(lock: int) -> bool:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
