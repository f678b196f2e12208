"""The administrator's account: keys for SSH from the settings, and a password for sudo. Nobody has one before the first start: it is made up
then, said where only the administrator looks, and kept nowhere; once the administrator has chosen another (passwd), that one is kept."""

import os
import pwd
import secrets
from pathlib import Path

from .places import ADMIN, OWN, RUN, put, run
from .settings import Settings

SHADOW = Path("/etc/shadow")
CHOSEN = OWN / "password"  # what /etc/shadow says of the administrator, since a password was chosen
MADE_UP = RUN / "password"  # the same, of the one that was made up at this start
TOLD = RUN / "sudo-password"  # in clear; in memory, readable by the administrator


def make_account(settings: Settings) -> None:
    home = Path("/home", ADMIN)
    account = pwd.getpwnam(ADMIN)
    for folder in (home, home / ".ssh"):
        folder.mkdir(mode=0o700, exist_ok=True)
        os.chown(folder, account.pw_uid, account.pw_gid)
    keys = home / ".ssh" / "authorized_keys"
    there = keys.read_text().splitlines() if keys.exists() else []
    missing = [key for key in settings.ssh_keys if key not in there]
    put(keys, "".join(line + "\n" for line in there + missing), 0o600, ADMIN)
    if CHOSEN.exists():
        _set(CHOSEN.read_text())
    else:
        make_password()


def make_password() -> str:
    password = secrets.token_urlsafe(15)
    sealed = run("openssl", "passwd", "-6", "-stdin", stdin=password + "\n").strip()
    run("chpasswd", "--encrypted", stdin=f"{ADMIN}:{sealed}\n")
    run("chage", "-m", "1", "-M", "365", "-W", "7", "-I", "45", ADMIN)  # as the role hardening_accounts
    put(MADE_UP, _line() + "\n")
    put(TOLD, password + "\n", 0o400, ADMIN)
    return password


def keep() -> None:
    """Run when /etc/shadow has changed."""
    line = _line() + "\n"
    if not MADE_UP.exists() or line != MADE_UP.read_text():
        put(CHOSEN, line)
        TOLD.unlink(missing_ok=True)


def _line() -> str:
    return next(line for line in SHADOW.read_text().splitlines() if line.startswith(f"{ADMIN}:"))


def _set(wanted: str) -> None:
    lines = [wanted.strip() if line.startswith(f"{ADMIN}:") else line for line in SHADOW.read_text().splitlines()]
    put(SHADOW, "\n".join(lines) + "\n", 0o640, "root", "shadow")
