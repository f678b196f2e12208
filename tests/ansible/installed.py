"""A server on which the playbook has ended, up in seconds, and forgotten with all that is done to it:

    with InstalledServer() as server:
        server.run(["cloister", "host", "add", "teacher"], stdin="a long enough passphrase\\n")
        server.outside.run("curl", "--cacert", server.trusted(), f"https://{NAME}/config.js")

It has the services, the firewall, certificates by the tests' authority, which answers there (renewal works), and somebody outside. The
playbook is run once for each state of packages, playbook and base system (two minutes and more), and what the server has written by then
is kept in build/machine; CLOISTER_INSTALLED=newest takes the newest one of any state. Any number may run at a time, with names of their
own. From another folder: put tests/ansible into sys.path first, as this file does with tests/machine. Needs root and packages
(appliance/deb/build), else the tests are skipped."""

import contextlib
import fcntl
import hashlib
import json
import os
import shutil
import sys
import unittest
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from server import PEBBLE, RELAY, REPOSITORY, ROOT, Server

sys.path.insert(0, str(ROOT / "tests" / "machine"))

import base  # noqa: E402

FOLDER = ROOT / "build" / "machine"
KEPT = 3  # states that stay, the newest


class InstalledServer(Server):
    def __init__(self, name: str = "meet") -> None:
        self._state, self._lock = _state()
        super().__init__(name, kept=self._state / "files")
        self.roots = (self._state / "roots.pem").read_text()

    def key(self) -> Path:
        return self._state / "admin"

    def close(self) -> None:
        super().close()
        self._lock.close()


def keep(server: Server) -> None:
    """To be called when the playbook has just ended there: restarts the server, and others start from what it has written until then."""
    state = _wanted()
    with _alone(state):
        if not state.exists():
            _write(server, state)


def _state() -> tuple[Path, IO[str]]:
    """The folder, and a file that says while it is open that the folder is used."""
    state = _wanted()
    if os.environ.get("CLOISTER_INSTALLED") == "newest":
        state = max(_states(), key=lambda known: known.stat().st_mtime, default=state)
    with _alone(state):
        if not state.exists():
            _make(state)
        lock = (state / "used").open("w")
        fcntl.flock(lock, fcntl.LOCK_SH)
        return state, lock


def _make(state: Path) -> None:
    print("Running the playbook for a server to start from: once, some minutes", file=sys.stderr, flush=True)
    with Server() as server:
        server.answer()
        made = server.play()
        if made.status != 0:
            raise RuntimeError(f"the playbook failed:\n{made.why}")
        _write(server, state)


def _write(server: Server, state: Path) -> None:
    new = state.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir()
    (new / "roots.pem").write_text(server.roots)
    shutil.copy(server.key(), new / "admin")
    server.reboot(keep=new / "files")
    _remove_old()
    new.rename(state)


def _remove_old() -> None:
    for old in sorted(_states(), key=lambda known: known.stat().st_mtime)[: 1 - KEPT]:
        with (old / "used").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue  # a machine runs over it
            shutil.rmtree(old)


def _states() -> list[Path]:
    return [folder for folder in FOLDER.glob("installed-*") if not folder.suffix]


def _wanted() -> Path:
    if os.geteuid() != 0:
        raise unittest.SkipTest("machines need root")
    if not (REPOSITORY / "Packages").exists():
        raise unittest.SkipTest(f"{REPOSITORY} has no packages: run appliance/deb/build first")
    return FOLDER / f"installed-{_digest()}"


def _digest() -> str:
    """Of all that the playbook makes the server from."""
    total = hashlib.sha256(json.dumps([base.tree().name, PEBBLE, RELAY]).encode())
    files = [file for folder in ("ansible", "appliance/packages") for file in (ROOT / folder).rglob("*") if file.is_file()]
    for file in [*sorted(files), REPOSITORY / "Packages"]:
        total.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return total.hexdigest()[:12]


@contextlib.contextmanager
def _alone(state: Path) -> Iterator[None]:
    """Nobody else makes the same at the same time."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with state.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
