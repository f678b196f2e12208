"""Where things are, and how they are written there."""

import os
import pwd
import grp
import subprocess
from pathlib import Path

OWN = Path("/var/lib/cloister/machine")  # of this machine: survives updates, only root reads it
RUN = Path("/run/cloister-image")  # forgotten at the next start
BOOT = RUN / "boot"  # where the boot partition is mounted while it is looked at
SETTINGS = OWN / "settings"
SETTLED = RUN / "settled"  # there is a server on this machine
ADMIN = "admin"


def put(file: Path, text: str, mode: int = 0o600, owner: str = "root", group: str = "") -> bool:
    """Replaces the file as a whole; whether that changed it. Cut off, it leaves the old one."""
    changed = not file.exists() or file.read_text() != text
    if changed or file.stat().st_mode & 0o7777 != mode:
        new = file.with_name(file.name + ".new")
        new.unlink(missing_ok=True)
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fchown(descriptor, pwd.getpwnam(owner).pw_uid, grp.getgrnam(group or owner).gr_gid)
            os.fchmod(descriptor, mode)
            os.fsync(descriptor)
        new.replace(file)
    return changed


def run(*command: str, stdin: str | None = None) -> str:
    """To its end; what it said. What it said when it fails is shown."""
    done = subprocess.run(command, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} ended with {done.returncode}: {done.stdout[-2000:]}")
    return done.stdout
