"""Who runs what: started by root, each service gets a user without rights; else all run as whoever started them."""

import os
import pwd
from pathlib import Path

IS_ROOT = os.geteuid() == 0
PROSODY = "prosody"
OURS = "nobody"


def command_as(user: str | None, command: list[str]) -> list[str]:
    """The command, ended when this process ends, under `user` when that is possible and wanted."""
    setpriv = ["setpriv", "--pdeathsig", "TERM"]
    if IS_ROOT and user:
        group = str(pwd.getpwnam(user).pw_gid)
        setpriv += [f"--reuid={user}", f"--regid={group}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
    return [*setpriv, "--", *command]


def give(path: Path, user: str) -> Path:
    if IS_ROOT:
        entry = pwd.getpwnam(user)
        os.chown(path, entry.pw_uid, entry.pw_gid)
    return path


def secret_file(path: Path, secret: str, user: str) -> Path:
    """A file that only `user` reads."""
    path.unlink(missing_ok=True)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write(secret + "\n")
    return give(path, user)
